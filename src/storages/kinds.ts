import type { AsyncStateKind } from '../contracts/extension/async-state-kind.ts'
import type { StateKind } from '../contracts/extension/state-kind.ts'
import { type CommandContext, commandContext } from './command-context.ts'
import { event, type ProjectorContext } from './event.ts'
import { type JobContext, jobContext } from './job-context.ts'
import { type AsyncKindOptions, kindFor, type KindOptions, type Services, type ServicesAndMail } from './kind.ts'
import { type QueryContext, queryContext } from './query-context.ts'
import { requestSubject } from './request-subject.ts'
import { response } from './response.ts'
import { commandResult, queryResult } from './result.ts'

/**
 * The kind of state for commands: they read the store, and write records, a result, a response and the log.
 *
 * @param options - `store`, `secrets`, `log`, `storages`, `packages`, `intents` (1000)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { memoryStorage } from 'mortise/extension'
 * import { commandKind, responseOf, resultOf } from 'mortise/storages'
 *
 * const record = memoryStorage({ 'app.Order': { key: { ID: 'RecordID' }, value: { Amount: 'int64' } } })
 * const commands = commandKind({ store: { record }, log: ({ level, message }) => console.log(level, message) })
 * const state = commands.open({
 *   workspace: 1n,
 *   wlogOffset: 7n,
 *   subject: { kind: 'user', name: 'ada', profile: 2n, token: '' },
 *   argument: { Table: 5, Items: [{ Article: 'tea', Amount: 2 }] },
 * })
 * // Here an extension runs on the state.
 * console.log(responseOf(state).status, resultOf(state))
 * state.apply()
 * ```
 */
export function commandKind(options: KindOptions<CommandContext>): StateKind<CommandContext>
export function commandKind(options: AsyncKindOptions<CommandContext>): AsyncStateKind<CommandContext>
export function commandKind(
  options: KindOptions<CommandContext> | AsyncKindOptions<CommandContext>,
): StateKind<CommandContext> | AsyncStateKind<CommandContext> {
  return kindFor<CommandContext>({ purpose: 'command', name: 'CommandProcessor', intents: 1000 }, options, {
    'sys.CommandContext': commandContext,
    'sys.RequestSubject': requestSubject,
    'sys.Response': response,
    'sys.Result': commandResult,
  })
}

/**
 * The kind of state for queries: they read the store and give rows, each of which goes to `onRow` of the context while the guest goes
 * on. Rows are no intents.
 *
 * @param options - `store`, `secrets`, `log`, `http`, `federationCommand`, `federationBlob`, `storages`, `packages`, `intents` (100)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function queryKind(options: KindOptions<QueryContext>): StateKind<QueryContext>
export function queryKind(options: AsyncKindOptions<QueryContext> & Services): AsyncStateKind<QueryContext>
export function queryKind(
  options: KindOptions<QueryContext> | (AsyncKindOptions<QueryContext> & Services),
): StateKind<QueryContext> | AsyncStateKind<QueryContext> {
  return kindFor<QueryContext>({ purpose: 'query', name: 'QueryProcessor', intents: 100 }, options, {
    'sys.QueryContext': queryContext,
    'sys.RequestSubject': requestSubject,
    'sys.Response': response,
    'sys.Result': queryResult,
  })
}

/**
 * The kind of state for projectors that run with the command: they read its event and the store, and write views.
 *
 * @param options - `store`, `secrets`, `log`, `storages`, `packages`, `intents` (1000)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function syncProjectorKind(options: KindOptions<ProjectorContext>): StateKind<ProjectorContext>
export function syncProjectorKind(options: AsyncKindOptions<ProjectorContext>): AsyncStateKind<ProjectorContext>
export function syncProjectorKind(
  options: KindOptions<ProjectorContext> | AsyncKindOptions<ProjectorContext>,
): StateKind<ProjectorContext> | AsyncStateKind<ProjectorContext> {
  return kindFor<ProjectorContext>({ purpose: 'syncProjector', name: 'SyncActualizer', intents: 1000 }, options, {
    'sys.Event': event,
  })
}

/**
 * The kind of state for projectors that run behind the log: they read an event and the store, and write views.
 *
 * @param options - `store`, `secrets`, `log`, `http`, `federationCommand`, `federationBlob`, `mail`, `storages`, `packages`, `intents` (1000)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function asyncProjectorKind(options: KindOptions<ProjectorContext>): StateKind<ProjectorContext>
export function asyncProjectorKind(
  options: AsyncKindOptions<ProjectorContext> & ServicesAndMail,
): AsyncStateKind<ProjectorContext>
export function asyncProjectorKind(
  options: KindOptions<ProjectorContext> | (AsyncKindOptions<ProjectorContext> & ServicesAndMail),
): StateKind<ProjectorContext> | AsyncStateKind<ProjectorContext> {
  return kindFor<ProjectorContext>({ purpose: 'asyncProjector', name: 'AsyncActualizer', intents: 1000 }, options, {
    'sys.Event': event,
  })
}

/**
 * The kind of state for jobs, which run by a schedule: they read the store, and write views.
 *
 * @param options - `store`, `secrets`, `log`, `http`, `federationCommand`, `federationBlob`, `mail`, `storages`, `packages`, `intents` (100)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function jobKind(options: KindOptions<JobContext>): StateKind<JobContext>
export function jobKind(options: AsyncKindOptions<JobContext> & ServicesAndMail): AsyncStateKind<JobContext>
export function jobKind(
  options: KindOptions<JobContext> | (AsyncKindOptions<JobContext> & ServicesAndMail),
): StateKind<JobContext> | AsyncStateKind<JobContext> {
  return kindFor<JobContext>({ purpose: 'job', name: 'Scheduler', intents: 100 }, options, {
    'sys.JobContext': jobContext,
  })
}
