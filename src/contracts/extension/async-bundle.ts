import { applying, runWaiting, validating } from './apply.ts'
import { type Bundled, empty, findBundled, holdsEntity, mergedBehind, portionsOf, putBehind } from './bundled.ts'
import type { Row } from './fields.ts'
import type { AnyStorage, KindParts } from './kind-parts.ts'
import type { Intent, Key } from './storage.ts'
import { type AsyncTransaction, type Scope, type Together, unscoped, withinAsync } from './transaction.ts'

/** A `Bundle` with storages that wait. What it does with them happens one after another, in the order in which it was asked. */
export class AsyncBundle<C> {
  readonly #kind: KindParts<AnyStorage<C>>
  readonly #transaction: AsyncTransaction<C> | undefined
  readonly #limit: number
  readonly #scope: (context: C) => Scope
  #waiting = empty<C>()
  /** What is being applied: still what a guest finds, until it is what the storages have. */
  #flushing: Bundled<C> = empty()
  #context: { readonly value: C } | undefined
  #turns: Promise<unknown> = Promise.resolve()

  constructor(
    kind: KindParts<AnyStorage<C>>,
    { transaction, scope = unscoped }: Together<C, AsyncTransaction<C>>,
    limit: number,
  ) {
    this.#kind = kind
    this.#transaction = transaction
    this.#scope = scope
    this.#limit = limit
  }

  /** Whether it applies what states of a kind intend. */
  isOf(kind: KindParts<AnyStorage<C>>): boolean {
    return kind === this.#kind
  }

  /** How many keys wait. */
  get size(): number {
    return this.#waiting.size
  }

  /** As many wait as it was made for: flush it. */
  get ready(): boolean {
    return this.#waiting.size >= this.#limit
  }

  /**
   * Applies what waits, with the context of the state that was applied last: all or none. It is empty afterwards, also when it
   * throws.
   *
   * @throws MortiseError `INTENTS_NOT_APPLIED`; its cause is what the storage threw
   */
  flush(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#context === undefined) return
      const { value: context } = this.#context
      this.#flushing = this.#waiting
      this.#waiting = empty()
      try {
        const applied = { kind: this.#kind, portions: portionsOf(this.#flushing) }
        await runWaiting(applying(applied, withinAsync(this.#transaction, context)))
      } finally {
        this.#flushing = empty()
      }
    })
  }

  /** Adds the intents of a state, where the storages would take them. */
  add(intents: readonly Intent[], context: C): Promise<void> {
    return this.#inTurn(async () => {
      const changed = await this.#validated(intents, context)
      this.#context = { value: context }
      putBehind(this.#waiting, changed)
    })
  }

  /** Asks the storages about the intents of a state as they would be applied. */
  validate(intents: readonly Intent[], context: C): Promise<void> {
    return this.#inTurn(async () => {
      await this.#validated(intents, context)
    })
  }

  /** The row that waits for a key. */
  find(key: Key, context: C): Row | undefined {
    const at = { context, scope: this.#scope(context) }
    return findBundled(this.#waiting, key, this.#kind, at) ?? findBundled(this.#flushing, key, this.#kind, at)
  }

  /** Whether something of an entity waits. */
  holds(key: Key): boolean {
    return holdsEntity(this.#waiting, key) || holdsEntity(this.#flushing, key)
  }

  async #validated(intents: readonly Intent[], context: C): Promise<Bundled<C>> {
    const changed = mergedBehind(this.#waiting, intents, this.#kind, { context, scope: this.#scope(context) })
    await runWaiting(validating({ kind: this.#kind, portions: portionsOf(changed) }))
    return changed
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    const turn = this.#turns.then(act)
    this.#turns = turn.catch(() => {})
    return turn
  }
}
