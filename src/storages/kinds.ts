import { StateKind } from '../contracts/extension/state-kind.ts'
import type { Operation, Storage } from '../contracts/extension/storage.ts'
import { checkKeys, checkOption } from '../options.ts'
import { appSecret, type Secrets } from './app-secret.ts'
import { type CommandContext, commandContext } from './command-context.ts'
import { event, type ProjectorContext } from './event.ts'
import { type JobContext, jobContext } from './job-context.ts'
import { logger, type LogLine } from './logger.ts'
import { matrix, type Purpose } from './matrix.ts'
import { type QueryContext, queryContext } from './query-context.ts'
import { requestSubject } from './request-subject.ts'
import { response } from './response.ts'
import { commandResult, queryResult } from './result.ts'
import type { Store } from './store.ts'
import type { WorkspaceContext } from './workspace.ts'

/** Options of the kinds of state. A storage that is not given is not there. */
export interface KindOptions<C> {
  /** The application's data: `sys.Record`, `sys.View`, `sys.WLog` and `sys.Uniq`. */
  readonly store: Store
  /** `sys.AppSecret` */
  readonly secrets?: Secrets
  /** `sys.Logger`: takes each line when the intents are applied. */
  readonly log?: (line: LogLine) => void
  /** Storages of your own, by their names. They are applied after those of the store. */
  readonly storages?: Readonly<Record<string, Storage<C>>>
  /** Full paths of packages, by their local names. Default: every package is called the same on both sides. */
  readonly packages?: Readonly<Record<string, string>>
  /** How many intents a state may hold; the default is the kind's. */
  readonly intents?: number
}

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
export function commandKind(options: KindOptions<CommandContext>): StateKind<CommandContext> {
  return kind<CommandContext>('command', 'CommandProcessor', 1000, options, {
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
 * @param options - `store`, `secrets`, `log`, `storages`, `packages`, `intents` (100)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function queryKind(options: KindOptions<QueryContext>): StateKind<QueryContext> {
  return kind<QueryContext>('query', 'QueryProcessor', 100, options, {
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
export function syncProjectorKind(options: KindOptions<ProjectorContext>): StateKind<ProjectorContext> {
  return kind<ProjectorContext>('syncProjector', 'SyncActualizer', 1000, options, { 'sys.Event': event })
}

/**
 * The kind of state for projectors that run behind the log: they read an event and the store, and write views.
 *
 * @param options - `store`, `secrets`, `log`, `storages`, `packages`, `intents` (1000)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function asyncProjectorKind(options: KindOptions<ProjectorContext>): StateKind<ProjectorContext> {
  return kind<ProjectorContext>('asyncProjector', 'AsyncActualizer', 1000, options, { 'sys.Event': event })
}

/**
 * The kind of state for jobs, which run by a schedule: they read the store, and write views.
 *
 * @param options - `store`, `secrets`, `log`, `storages`, `packages`, `intents` (100)
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 */
export function jobKind(options: KindOptions<JobContext>): StateKind<JobContext> {
  return kind<JobContext>('job', 'Scheduler', 100, options, { 'sys.JobContext': jobContext })
}

const optionNames = ['store', 'secrets', 'log', 'storages', 'packages', 'intents']

function kind<C extends WorkspaceContext>(
  purpose: Purpose,
  name: string,
  limit: number,
  options: KindOptions<C>,
  own: Readonly<Record<string, Storage<C>>>,
): StateKind<C> {
  checkKeys(options, optionNames, `a kind of state for ${purpose}s`)
  const { store, secrets, log, storages: more = {}, packages, intents = limit } = options
  checkOption('store', store, typeof store === 'object' && store !== null, 'a store')
  const given: Readonly<Record<string, Storage<C> | undefined>> = {
    ...own,
    'sys.Record': store.record,
    'sys.View': store.view,
    'sys.WLog': store.wlog,
    'sys.Uniq': store.uniq,
    'sys.AppSecret': secrets && appSecret(secrets),
    'sys.Logger': log && logger(log),
  }
  const storages: Record<string, Storage<C>> = {}
  const operations: Record<string, readonly Operation[]> = {}
  for (const [storage, { [purpose]: allowed }] of Object.entries(matrix)) {
    const found = given[storage]
    if (found === undefined || allowed === undefined) continue
    storages[storage] = found
    operations[storage] = allowed
  }
  const { transaction } = store
  return new StateKind({
    name,
    storages: { ...storages, ...more },
    operations,
    intents,
    ...(packages && { packages }),
    ...(transaction && { transaction }),
  })
}
