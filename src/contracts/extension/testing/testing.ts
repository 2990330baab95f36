import type { Source } from '../../../artifact.ts'
import { checkKeys } from '../../../options.ts'
import { CommandTest } from './command-test.ts'
import type { TestedApp, TestedExtension } from './given.ts'
import { JobTest } from './job-test.ts'
import { ProjectorTest } from './projector-test.ts'
import { QueryTest } from './query-test.ts'

/**
 * Begins a test of a command: what it reads is given, and what it should write is compared with what it does. It runs the module
 * that ships, in any test runner, and needs no database and no network.
 *
 * @param source - the module: a path (from the working directory), a `file:` URL, or the bytes
 * @param name - the command, as the module exports it
 * @param app - `extensions` (what each may use; default all), `packages`, `schema`, `workspace` (1), `limits`
 * @returns a test; `run()` runs it
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { commandTest } from 'mortise/extension/testing'
 *
 * const command = commandTest('./orders.wasm', 'NewOrder', { packages: { app: 'example.com/orders' } })
 *
 * test('an order is written down', async () => {
 *   await command
 *     .argument({ Waiter: 'Ann', Items: [{ Quantity: 2, SinglePrice: 50 }] })
 *     .expectInsert('sys.Record(app.Order)', {}, { 'sys.ID': 1, Waiter: 'Ann', Amount: 100 })
 *     .expectResult({ Amount: 100 })
 *     .run()
 * })
 *
 * test('an order that costs nothing is refused', async () => {
 *   await command
 *     .argument({ Waiter: 'Ann', Items: [{ Quantity: 1, SinglePrice: 0 }] })
 *     .expectFailure('GUEST_ABORT', 'negative order amount')
 *     .run()
 * })
 * ```
 */
export function commandTest(source: Source, name: string, app: TestedApp = {}): CommandTest {
  return new CommandTest(tested(source, name, app))
}

/**
 * Begins a test of a query, as {@link commandTest} does of a command.
 *
 * @param source - the module: a path (from the working directory), a `file:` URL, or the bytes
 * @param name - the query, as the module exports it
 * @param app - `extensions` (what each may use; default all), `packages`, `schema`, `workspace` (1), `limits`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function queryTest(source: Source, name: string, app: TestedApp = {}): QueryTest {
  return new QueryTest(tested(source, name, app))
}

/**
 * Begins a test of a projector, as {@link commandTest} does of a command.
 *
 * @param source - the module: a path (from the working directory), a `file:` URL, or the bytes
 * @param name - the projector, as the module exports it
 * @param app - `extensions` (what each may use; default all), `packages`, `schema`, `workspace` (1), `limits`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { test } from 'node:test'
 * import { projectorTest } from 'mortise/extension/testing'
 *
 * const app = { packages: { app: 'example.com/orders' } }
 * const day = { Year: 2023, Month: 1, Day: 1 }
 *
 * test('an order is added to its day', async () => {
 *   await projectorTest('./orders.wasm', 'CalcOrderedItems', app)
 *     .event('app.NewOrder', { ...day, Items: [{ Quantity: 2, SinglePrice: 100 }] })
 *     .view('app.OrderedItems', day, { Amount: 200 })
 *     .expectUpdate('sys.View(app.OrderedItems)', day, { Amount: 400 })
 *     .run()
 * })
 * ```
 */
export function projectorTest(source: Source, name: string, app: TestedApp = {}): ProjectorTest {
  return new ProjectorTest(tested(source, name, app))
}

/**
 * Begins a test of a job, as {@link commandTest} does of a command.
 *
 * @param source - the module: a path (from the working directory), a `file:` URL, or the bytes
 * @param name - the job, as the module exports it
 * @param app - `extensions` (what each may use; default all), `packages`, `schema`, `workspace` (1), `limits`
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function jobTest(source: Source, name: string, app: TestedApp = {}): JobTest {
  return new JobTest(tested(source, name, app))
}

function tested(source: Source, name: string, app: TestedApp): TestedExtension {
  checkKeys(app, ['extensions', 'packages', 'schema', 'workspace', 'limits'], 'the app of a test')
  return { source, name, app }
}

export type { CommandTest, JobTest, ProjectorTest, QueryTest }
export type { EventDetails } from './extension-test.ts'
export type { FederationAnswer, FederationRequest } from './federation.ts'
export type { Fields, TestedApp } from './given.ts'
export type { Answering, HttpAnswer, HttpRequest } from './http.ts'
export type { Outcome, TestIntent } from './outcome.ts'
