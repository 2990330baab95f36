import { AsyncStateKind } from '../contracts/extension/async-state-kind.ts'
import { type AnyStorage, waits } from '../contracts/extension/kind-parts.ts'
import { StateKind } from '../contracts/extension/state-kind.ts'
import type { AsyncStorage, Operation, Storage } from '../contracts/extension/storage.ts'
import { checkKeys, checkOption } from '../options.ts'
import { appSecret, type Secrets } from './app-secret.ts'
import { Deferral } from './deferred.ts'
import { logger, type LogLine } from './logger.ts'
import { matrix, type Purpose } from './matrix.ts'
import type { AsyncStore, Store } from './store.ts'
import type { WorkspaceContext } from './workspace.ts'

/** What all kinds of state are made with. */
export interface CommonOptions {
  /** `sys.AppSecret` */
  readonly secrets?: Secrets
  /** `sys.Logger`: takes each line when the intents are applied. */
  readonly log?: (line: LogLine) => void
  /** Full paths of packages, by their local names. Default: every package is called the same on both sides. */
  readonly packages?: Readonly<Record<string, string>>
  /** How many intents a state may hold; the default is the kind's. */
  readonly intents?: number
}

/** Options of a kind of state all of whose storages answer at once. A storage that is not given is not there. */
export interface KindOptions<C> extends CommonOptions {
  /** The application's data: `sys.Record`, `sys.View`, `sys.WLog` and `sys.Uniq`. */
  readonly store: Store
  /** Storages of your own, by their names. They are applied after all others. */
  readonly storages?: Readonly<Record<string, Storage<C>>>
  /** Those wait: with one of them the kind is an `AsyncStateKind`. */
  readonly http?: undefined
  readonly federationCommand?: undefined
  readonly federationBlob?: undefined
  readonly mail?: undefined
}

/** Options of a kind of state some of whose storages wait. */
export interface AsyncKindOptions<C> extends CommonOptions {
  /** The application's data: `sys.Record`, `sys.View`, `sys.WLog` and `sys.Uniq`. */
  readonly store: Store | AsyncStore
  /** Storages of your own, by their names. They are applied after all others. */
  readonly storages?: Readonly<Record<string, AnyStorage<C>>>
}

/** Storages of services elsewhere, which only some kinds have. */
export interface Services {
  /** `sys.Http` */
  readonly http?: AsyncStorage
  /** `sys.FederationCommand` */
  readonly federationCommand?: AsyncStorage<WorkspaceContext>
  /** `sys.FederationBlob` */
  readonly federationBlob?: AsyncStorage<WorkspaceContext>
}

/** The same, where mails can be sent too. */
export interface ServicesAndMail extends Services {
  /** `sys.SendMail` */
  readonly mail?: AsyncStorage
}

type Given<C> = Readonly<Record<string, AnyStorage<C> | undefined>>

const common = ['store', 'secrets', 'log', 'storages', 'packages', 'intents']
const services = ['http', 'federationCommand', 'federationBlob']

/** A kind of state for a purpose: asynchronous where one of its storages is. */
export function kindFor<C extends WorkspaceContext>(
  { purpose, name, intents: limit }: { readonly purpose: Purpose; readonly name: string; readonly intents: number },
  options: (KindOptions<C> | AsyncKindOptions<C>) & {
    readonly [S in keyof ServicesAndMail]?: ServicesAndMail[S] | undefined
  },
  own: Given<C>,
): StateKind<C> | AsyncStateKind<C> {
  const mailing = purpose === 'asyncProjector' || purpose === 'job'
  const outside = purpose === 'query' || mailing ? services : []
  checkKeys(options, [...common, ...outside, ...(mailing ? ['mail'] : [])], `a kind of state for a ${purpose}`)
  const { store, secrets, log, packages, intents = limit } = options
  checkOption('store', store, typeof store === 'object' && store !== null, 'a store')
  const { storages, operations } = chosen<C>(purpose, {
    ...own,
    'sys.Record': store.record,
    'sys.View': store.view,
    'sys.WLog': store.wlog,
    'sys.Uniq': store.uniq,
    'sys.AppSecret': secrets && appSecret(secrets),
    'sys.Http': options.http,
    'sys.FederationCommand': options.federationCommand,
    'sys.FederationBlob': options.federationBlob,
    'sys.SendMail': options.mail,
    'sys.Logger': log && logger(log),
  })
  const all: Record<string, AnyStorage<C>> = { ...storages, ...options.storages }
  const scope = ({ workspace }: C): bigint => workspace
  const parts = { name, operations, intents, scope, ...(packages && { packages }) }
  if (isAsyncStore(store)) {
    const { transaction } = store
    return new AsyncStateKind<C>({ ...parts, storages: all, ...(transaction && { transaction }) })
  }
  const { transaction } = store
  if (answerAtOnce(all)) return new StateKind<C>({ ...parts, storages: all, ...(transaction && { transaction }) })
  const deferral = new Deferral<C>(transaction)
  const deferred = Object.entries(all).map(([key, one]) => [key, waits(one) ? one : deferral.defer(one)] as const)
  return new AsyncStateKind<C>({ ...parts, storages: Object.fromEntries(deferred), transaction: deferral.transaction })
}

/** The storages of a purpose that are there, and what guests may ask them for. */
function chosen<C>(
  purpose: Purpose,
  given: Given<C>,
): { readonly storages: Record<string, AnyStorage<C>>; readonly operations: Record<string, readonly Operation[]> } {
  const storages: Record<string, AnyStorage<C>> = {}
  const operations: Record<string, readonly Operation[]> = {}
  for (const [storage, { [purpose]: allowed }] of Object.entries(matrix)) {
    const found = given[storage]
    if (found === undefined || allowed === undefined) continue
    storages[storage] = found
    operations[storage] = allowed
  }
  return { storages, operations }
}

function isAsyncStore(store: Store | AsyncStore): store is AsyncStore {
  const { record, view, wlog, uniq } = store
  return [record, view, wlog, uniq].some((one) => one !== undefined && waits(one))
}

function answerAtOnce<C>(storages: Record<string, AnyStorage<C>>): storages is Record<string, Storage<C>> {
  return !Object.values(storages).some((one) => waits(one))
}
