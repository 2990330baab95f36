import { MortiseError, reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { Bundle } from './bundle.ts'
import type { Row } from './fields.ts'
import { applyAll } from './apply.ts'
import { type Intent, type Key, showKey } from './storage.ts'
import type { KindParts, StorageSlot } from './state-kind.ts'

/** What the extensions of one or more calls read, and what they want to be written. A `StateKind` opens it. */
export interface State {
  /** What the calls that ended well want to be written, in their order. Those of a failed call are never here. */
  readonly intents: readonly Intent[]
  /**
   * Asks every storage whether the intents could be applied.
   *
   * @throws MortiseError `INTENTS_NOT_APPLIED`; its cause is what the storage threw
   */
  validate(): void
  /**
   * Validates all intents and applies them, storage by storage in the order of the state's kind: all or none. They are gone
   * afterwards, also when it throws. With a bundle they go there, and into the storages when it is flushed.
   *
   * @throws MortiseError `INTENTS_NOT_APPLIED`; its cause is what the storage threw
   */
  apply(): void
  /** Drops the intents. */
  clear(): void
}

/** The state as the engine uses it. */
export class OpenState<C> implements State {
  readonly kind: KindParts<C>
  readonly #context: C
  readonly #bundle: Bundle<C> | undefined
  #intents: Intent[] = []

  constructor(kind: KindParts<C>, context: C, bundle: Bundle<C> | undefined) {
    this.kind = kind
    this.#context = context
    this.#bundle = bundle
  }

  get intents(): readonly Intent[] {
    return this.#intents
  }

  /** How many intents there are. */
  get count(): number {
    return this.#intents.length
  }

  add(intent: Intent): void {
    this.#intents.push(intent)
  }

  validate(): void {
    if (this.#bundle !== undefined) this.#bundle.validate(this.#intents, this.#context)
    else applyAll(this.kind, this.#intents, this.#context, 'validate')
  }

  apply(): void {
    const intents = this.#intents
    this.#intents = []
    if (this.#bundle !== undefined) this.#bundle.add(intents, this.#context)
    else applyAll(this.kind, intents, this.#context, 'apply')
  }

  clear(): void {
    if (this.#intents.length > 0) this.#intents = []
  }

  /** The row of a key; `undefined` where there is none. */
  query(slot: StorageSlot<C>, key: Key): Row | undefined {
    const { storage, operations } = slot
    if (!operations.get && !operations.getBatch) this.#unsupported(slot, 'get')
    const pending = this.#bundle?.find(key)
    if (pending !== undefined) return pending
    let row
    try {
      row = operations.get ? storage.get?.(key, this.#context) : storage.getBatch?.([key], this.#context)[0]
    } catch (thrown) {
      storageFailed(thrown, key)
    }
    return row === undefined || typeof row === 'object' ? (row ?? undefined) : noRow(row, key)
  }

  /** The rows that a key matches. What the consumer throws does not come in here. */
  *read(slot: StorageSlot<C>, key: Key): Generator<readonly [Row, Row], void> {
    const { storage, operations } = slot
    if (!operations.read || storage.read === undefined) this.#unsupported(slot, 'read')
    if (this.#bundle?.holds(key) === true) {
      try {
        this.#bundle.flush()
      } catch (thrown) {
        storageFailed(thrown, key)
      }
    }
    try {
      yield* storage.read(key, this.#context)
    } catch (thrown) {
      storageFailed(thrown, key)
    }
  }

  /**
   * Begins an intent.
   *
   * @param pending - how many intents the call under way has already
   * @param row - what is updated
   * @returns the fields that it may have
   */
  begin(
    slot: StorageSlot<C>,
    key: Key,
    row: Row | undefined,
    pending: number,
  ): ReturnType<NonNullable<typeof slot.storage.insert>> {
    const { storage, operations } = slot
    const operation = row === undefined ? 'insert' : 'update'
    if (!operations[operation]) this.#unsupported(slot, operation)
    const { name, intents } = this.kind
    if (this.#intents.length + pending >= intents) {
      throw new GuestFault(
        'INTENTS_LIMIT',
        `state ${name}, key {${showKey(key)}}: intents limit exceeded: ${intents} are allowed`,
        { ...about(key), limit: intents },
      )
    }
    try {
      return row === undefined ? storage.insert?.(key, this.#context) : storage.update?.(key, row, this.#context)
    } catch (thrown) {
      return storageFailed(thrown, key)
    }
  }

  /** The fields that a key for an entity may have. */
  keyFields({ name, storage }: StorageSlot<C>, entity: string): ReturnType<NonNullable<typeof storage.keyFields>> {
    try {
      return storage.keyFields?.(entity, this.#context)
    } catch (thrown) {
      return storageFailed(thrown, { storage: name, entity, fields: new Map() })
    }
  }

  #unsupported({ name }: StorageSlot<C>, operation: string): never {
    throw new GuestFault(
      'EXTENSION_STORAGE',
      `state ${this.kind.name}, storage ${name}: ${operation} not supported by storage`,
      { storage: name },
    )
  }
}

/** The state that a caller gave: `INPUT_INVALID` for anything else. */
export function openState(state: State): OpenState<unknown> {
  if (state instanceof OpenState) return state
  throw new MortiseError(
    'INPUT_INVALID',
    `Cannot run an extension on ${typeof state === 'object' ? 'an object' : `a ${typeof state}`}: it takes a state that a StateKind opened`,
  )
}

/** What errors say of a key. */
export function about(key: Key): { readonly storage: string; readonly key: string } {
  return { storage: key.storage, key: showKey(key) }
}

function storageFailed(thrown: unknown, key: Key): never {
  if (thrown instanceof GuestFault) throw thrown
  throw new GuestFault('HOST_FUNCTION_FAILED', `storage ${key.storage} threw: ${reasonOf(thrown)}`, {
    ...about(key),
    cause: thrown,
  })
}

function noRow(row: unknown, key: Key): never {
  return storageFailed(new TypeError(`it gave a ${typeof row} where a row was asked for`), key)
}
