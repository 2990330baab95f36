import { applying, runWaiting, validating } from './apply.ts'
import type { AsyncBundle } from './async-bundle.ts'
import { EngineState, rowOrNone, type Rows, storageFailed } from './engine-state.ts'
import type { Row } from './fields.ts'
import { type AnyStorage, type KindParts, type StorageSlot, waits } from './kind-parts.ts'
import type { AsyncCall, Intent, Key } from './storage.ts'
import { type AsyncTransaction, withinAsync } from './transaction.ts'

/** A `State` with storages that wait. An `AsyncStateKind` opens it. */
export interface AsyncState {
  /** What the calls that ended well want to be written, in the order of their ends. Those of a failed call are never here. */
  readonly intents: readonly Intent[]
  /**
   * Asks every storage whether the intents could be applied.
   *
   * @throws MortiseError `INTENTS_NOT_APPLIED`; its cause is what the storage threw
   */
  validate(): Promise<void>
  /**
   * Validates all intents and applies them, storage by storage in the order of the state's kind: all or none. They are gone from
   * the state at once, also when it throws. With a bundle they go there, and into the storages when it is flushed.
   *
   * @throws MortiseError `INTENTS_NOT_APPLIED`; its cause is what the storage threw
   */
  apply(): Promise<void>
  /** Drops the intents. */
  clear(): void
}

/** The state as the engine uses it. */
export class OpenAsyncState<C> extends EngineState<C> implements AsyncState {
  readonly kind: KindParts<AnyStorage<C>>
  readonly waits = true
  readonly #transaction: AsyncTransaction<C> | undefined
  readonly #bundle: AsyncBundle<C> | undefined

  constructor(
    kind: KindParts<AnyStorage<C>>,
    context: C,
    transaction: AsyncTransaction<C> | undefined,
    bundle: AsyncBundle<C> | undefined,
  ) {
    super(context)
    this.kind = kind
    this.#transaction = transaction
    this.#bundle = bundle
  }

  async validate(): Promise<void> {
    const { kind, intents, context } = this
    if (this.#bundle !== undefined) await this.#bundle.validate(intents, context)
    else await runWaiting(validating({ kind, portions: [{ intents, context }] }))
  }

  async apply(): Promise<void> {
    const { kind, intents, context } = this
    this.clear()
    if (this.#bundle !== undefined) await this.#bundle.add(intents, context)
    else await runWaiting(applying({ kind, portions: [{ intents, context }] }, withinAsync(this.#transaction, context)))
  }

  query(slot: StorageSlot<AnyStorage<C>>, key: Key, call: AsyncCall): Row | undefined | Promise<Row | undefined> {
    const { storage, operations } = slot
    if (!operations.get && !operations.getBatch) this.unsupported(slot, 'get')
    const pending = this.#bundle?.find(key, this.context)
    if (pending !== undefined) return pending
    try {
      if (!waits(storage)) {
        const row = operations.get ? storage.get?.(key, this.context) : storage.getBatch?.([key], this.context)[0]
        return rowOrNone(row, key)
      }
      if (operations.get) return Promise.resolve(storage.get?.(key, this.context, call))
      return Promise.resolve(storage.getBatch?.([key], this.context, call)).then((rows) => rows?.[0])
    } catch (thrown) {
      return storageFailed(thrown, key)
    }
  }

  read(slot: StorageSlot<AnyStorage<C>>, key: Key, call: AsyncCall): Rows {
    if (!slot.operations.read) this.unsupported(slot, 'read')
    const bundle = this.#bundle
    try {
      return bundle?.holds(key) === true ? this.#flushed(bundle, slot, key, call) : this.#rows(slot, key, call)
    } catch (thrown) {
      return storageFailed(thrown, key)
    }
  }

  #rows({ storage }: StorageSlot<AnyStorage<C>>, key: Key, call: AsyncCall): Rows {
    if (waits(storage)) return (storage.read?.(key, this.context, call) ?? noRows())[Symbol.asyncIterator]()
    const rows: Iterable<readonly [Row, Row]> = storage.read?.(key, this.context) ?? []
    return rows[Symbol.iterator]()
  }

  async *#flushed(
    bundle: AsyncBundle<C>,
    slot: StorageSlot<AnyStorage<C>>,
    key: Key,
    call: AsyncCall,
  ): AsyncGenerator<readonly [Row, Row], void> {
    await bundle.flush()
    const rows = this.#rows(slot, key, call)
    try {
      for (;;) {
        const next = await rows.next()
        if (next.done === true) return
        yield next.value
      }
    } finally {
      await rows.return?.()
    }
  }
}

async function* noRows(): AsyncGenerator<readonly [Row, Row], void> {}
