import { applying, runNow, validating } from './apply.ts'
import type { Bundle } from './bundle.ts'
import { EngineState, type Rows, storageFailed } from './engine-state.ts'
import type { Row } from './fields.ts'
import type { KindParts, StorageSlot } from './kind-parts.ts'
import type { Intent, Key, Storage } from './storage.ts'
import { type Transaction, within } from './transaction.ts'

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
export class OpenState<C> extends EngineState<C> implements State {
  readonly kind: KindParts<Storage<C>>
  readonly waits = false
  readonly #transaction: Transaction<C> | undefined
  readonly #bundle: Bundle<C> | undefined

  constructor(
    kind: KindParts<Storage<C>>,
    context: C,
    transaction: Transaction<C> | undefined,
    bundle: Bundle<C> | undefined,
  ) {
    super(context)
    this.kind = kind
    this.#transaction = transaction
    this.#bundle = bundle
  }

  validate(): void {
    const { kind, intents, context } = this
    if (this.#bundle !== undefined) this.#bundle.validate(intents, context)
    else runNow(validating({ kind, portions: [{ intents, context }] }))
  }

  apply(): void {
    const { kind, intents, context } = this
    this.clear()
    if (this.#bundle !== undefined) this.#bundle.add(intents, context)
    else runNow(applying({ kind, portions: [{ intents, context }] }, within(this.#transaction, context)))
  }

  query(slot: StorageSlot<Storage<C>>, key: Key): Row | undefined {
    const { storage, operations } = slot
    if (!operations.get && !operations.getBatch) this.unsupported(slot, 'get')
    const pending = this.#bundle?.find(key, this.context)
    if (pending !== undefined) return pending
    let row
    try {
      row = operations.get ? storage.get?.(key, this.context) : storage.getBatch?.([key], this.context)[0]
    } catch (thrown) {
      storageFailed(thrown, key)
    }
    return row
  }

  read(slot: StorageSlot<Storage<C>>, key: Key): Rows {
    if (!slot.operations.read) this.unsupported(slot, 'read')
    try {
      if (this.#bundle?.holds(key) === true) this.#bundle.flush()
      const rows: Iterable<readonly [Row, Row]> = slot.storage.read?.(key, this.context) ?? []
      return rows[Symbol.iterator]()
    } catch (thrown) {
      return storageFailed(thrown, key)
    }
  }
}
