import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { FieldTypes, Row } from './fields.ts'
import type { AnyStorage, KindParts, StorageSlot } from './kind-parts.ts'
import { type AsyncCall, type Intent, type Key, type Operation, showKey } from './storage.ts'

/** The rows of a read: the key and the value of each. */
export type Rows = Iterator<readonly [Row, Row]> | AsyncIterator<readonly [Row, Row]>

/** Of all states that have none; never added to. */
const none: Intent[] = []

/** A state as the engine uses it: what its calls read, and what those that ended well want to be written. */
export abstract class EngineState<C = unknown> {
  abstract readonly kind: KindParts<AnyStorage<C>>
  /** Some of its storages wait: what it is asked for may be a promise. */
  abstract readonly waits: boolean
  protected readonly context: C
  #intents: Intent[] = none

  constructor(context: C) {
    this.context = context
  }

  get intents(): readonly Intent[] {
    return this.#intents
  }

  clear(): void {
    this.#intents = none
  }

  /** The row of a key; `undefined` where there is none. */
  abstract query(
    slot: StorageSlot<AnyStorage<C>>,
    key: Key,
    call: AsyncCall,
  ): Row | undefined | Promise<Row | undefined>

  /** The rows that a key matches. */
  abstract read(slot: StorageSlot<AnyStorage<C>>, key: Key, call: AsyncCall): Rows

  /** Ends a call where there is no room for its intents: calls that overlap did not see each other's. */
  admit(first: Key, count: number): void {
    this.#limited(first, count - 1)
  }

  /** Takes what a call intends that ended well, and was admitted. */
  add(intent: Intent): void {
    // An array that grows would begin with room for 17, and most calls have one.
    if (this.#intents === none) this.#intents = [intent]
    else this.#intents.push(intent)
  }

  /**
   * Begins an intent.
   *
   * @param pending - how many intents the call under way has already
   * @param row - what is updated
   * @returns the fields that it may have
   */
  begin(slot: StorageSlot<AnyStorage<C>>, key: Key, row: Row | undefined, pending: number): FieldTypes | undefined {
    const { storage, operations } = slot
    if (!(row === undefined ? operations.insert : operations.update))
      this.unsupported(slot, row === undefined ? 'insert' : 'update')
    if (row !== undefined || storage.emit === undefined) this.#limited(key, pending)
    try {
      return row === undefined ? storage.insert?.(key, this.context) : storage.update?.(key, row, this.context)
    } catch (thrown) {
      return storageFailed(thrown, key)
    }
  }

  /** Hands an insert to a storage that takes it at once. */
  emit({ storage }: StorageSlot<AnyStorage<C>>, intent: Intent): void {
    try {
      storage.emit?.(intent, this.context)
    } catch (thrown) {
      storageFailed(thrown, intent.key)
    }
  }

  /** The fields that a key for an entity may have. */
  keyFields({ name, storage }: StorageSlot<AnyStorage<C>>, entity: string): FieldTypes | undefined {
    try {
      return storage.keyFields?.(entity, this.context)
    } catch (thrown) {
      return storageFailed(thrown, { storage: name, entity, fields: new Map() })
    }
  }

  /** The storage does not have an operation. */
  protected unsupported({ name }: StorageSlot<AnyStorage<C>>, operation: Operation): never {
    throw new GuestFault(
      'EXTENSION_STORAGE',
      `state ${this.kind.name}, storage ${name}: ${operation} not supported by storage`,
      { storage: name },
    )
  }

  #limited(key: Key, pending: number): void {
    const { name, intents } = this.kind
    if (this.#intents.length + pending < intents) return
    throw new GuestFault(
      'INTENTS_LIMIT',
      `state ${name}, key {${showKey(key)}}: intents limit exceeded: ${intents} are allowed`,
      { ...about(key), limit: intents },
    )
  }
}

/** What errors say of a key. */
export function about(key: Key): { readonly storage: string; readonly key: string } {
  return { storage: key.storage, key: showKey(key) }
}

/** Ends the call with what a storage threw as the cause. */
export function storageFailed(thrown: unknown, key: Key): never {
  if (thrown instanceof GuestFault)
    throw new GuestFault(thrown.code, thrown.message, { ...about(key), ...thrown.details })
  throw new GuestFault('HOST_FUNCTION_FAILED', `storage ${key.storage} threw: ${reasonOf(thrown)}`, {
    ...about(key),
    cause: thrown,
  })
}

/** What a storage gave for a key, if it is a row. */
export function rowOrNone(row: Row | Promise<unknown> | null | undefined, key: Key): Row | undefined {
  if (row === undefined || row === null) return undefined
  if (typeof row === 'object' && !(row instanceof Promise)) return row
  if (row instanceof Promise) row.catch(() => {})
  const what = row instanceof Promise ? 'promise' : typeof row
  return storageFailed(new TypeError(`it gave a ${what} where a row was asked for`), key)
}
