import { checkKeys, checkOption } from '../../options.ts'
import { Bundle } from './bundle.ts'
import { OpenState, type State } from './state.ts'
import type { Operation, Storage } from './storage.ts'

/** Options of a kind of state. */
export interface StateKindOptions<C> {
  /** As errors name it: `CommandProcessor`. */
  readonly name: string
  /** The storages by their names, such as `sys.View`; intents are applied in this order. */
  readonly storages: Readonly<Record<string, Storage<C>>>
  /** What guests may ask a storage for, by its name. Default: all that it has methods for. */
  readonly operations?: Readonly<Record<string, readonly Operation[]>>
  /** Full paths of packages, by their local names. Default: every package is called the same on both sides. */
  readonly packages?: Readonly<Record<string, string>>
  /** How many intents a state may hold; default 100. */
  readonly intents?: number
  /** Runs `apply`, so that all of it is kept or nothing: for storages that share a transaction. Default: just runs it. */
  readonly transaction?: (apply: () => void, context: C) => void
}

/** A storage with what guests may ask it for. */
export interface StorageSlot<C> {
  readonly name: string
  readonly storage: Storage<C>
  readonly operations: Readonly<Record<Operation, boolean>>
}

/** The parts of a kind of state as states use them. */
export interface KindParts<C> {
  readonly name: string
  readonly storages: ReadonlyMap<string, StorageSlot<C>>
  /** Local names of packages by full path, and the other way; `undefined` where they are the same. */
  readonly local: ReadonlyMap<string, string> | undefined
  readonly full: ReadonlyMap<string, string> | undefined
  readonly intents: number
  readonly transaction: StateKindOptions<C>['transaction']
}

const operationNames = ['get', 'getBatch', 'read', 'insert', 'update'] as const
const storageForm = /^[^.]+\.[^.]+$/

/**
 * A kind of state: which storages extensions reach through it, and how. Made once; each request, or each event, opens a state.
 *
 * `C` is what a state is opened with and what the methods of the storages get.
 *
 * @example
 * ```ts
 * import { memoryStorage, StateKind } from 'mortise/extension'
 *
 * const commands = new StateKind<{ workspace: bigint }>({
 *   name: 'CommandProcessor',
 *   storages: {
 *     'sys.CommandContext': { get: (_key, { workspace }) => ({ Workspace: workspace }) },
 *     'sys.Record': memoryStorage({ 'app.Order': { key: { ID: 'RecordID' }, value: { Amount: 'int64' } } }),
 *   },
 *   intents: 1000,
 * })
 * const state = commands.open({ workspace: 1n })
 * state.apply()
 * ```
 */
export class StateKind<C = undefined> {
  readonly #parts: KindParts<C>

  /**
   * @param options - `name`, `storages`, `operations` (all), `packages` (names are the same on both sides), `intents` (100), `transaction`
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: StateKindOptions<C>) {
    checkKeys(options, ['name', 'storages', 'operations', 'packages', 'intents', 'transaction'], 'a StateKind')
    const { name, storages, operations = {}, packages, intents = 100, transaction } = options
    checkOption('name', name, typeof name === 'string' && name !== '', 'a text')
    checkKeys(operations, Object.keys(storages), "the 'operations' of a StateKind")
    checkOption('intents', intents, Number.isSafeInteger(intents) && intents >= 0, 'a whole number')
    checkOption(
      'transaction',
      transaction,
      transaction === undefined || typeof transaction === 'function',
      'a function',
    )
    this.#parts = {
      name,
      storages: new Map(Object.entries(storages).map(([key, one]) => [key, slot(key, one, operations[key])])),
      full: packages && new Map(Object.entries(packages)),
      local: packages && new Map(Object.entries(packages).map(([local, full]) => [full, local])),
      intents,
      transaction,
    }
  }

  /**
   * Opens a state for one or more calls of extensions.
   *
   * @param context - what the storages get
   * @param bundle - where its intents are collected; default: `apply` passes them on to the storages
   */
  open(context: C, bundle?: Bundle<C>): State {
    return new OpenState(this.#parts, context, bundle)
  }

  /**
   * Collects the intents of several states, one for each key, so that the storages are written to once. What is in there is what
   * `get` finds; a `read` flushes it before.
   *
   * @param size - how many intents make it {@link Bundle.ready}; default 100
   * @throws MortiseError `OPTION_INVALID`
   */
  bundle(size = 100): Bundle<C> {
    checkOption('size', size, Number.isSafeInteger(size) && size > 0, 'a whole number above 0')
    return new Bundle(this.#parts, size)
  }
}

function slot<C>(name: string, storage: Storage<C>, allowed: readonly Operation[] | undefined): StorageSlot<C> {
  checkOption('storages', name, storageForm.test(name), "names of two parts, such as 'sys.View'")
  const all: readonly string[] = operationNames
  for (const one of allowed ?? [])
    checkOption('operations', one, all.includes(one), `some of ${operationNames.join(', ')}`)
  const may = (operation: Operation): boolean =>
    typeof storage[operation] === 'function' && (allowed?.includes(operation) ?? true)
  return {
    name,
    storage,
    operations: {
      get: may('get'),
      getBatch: may('getBatch'),
      read: may('read'),
      insert: may('insert'),
      update: may('update'),
    },
  }
}
