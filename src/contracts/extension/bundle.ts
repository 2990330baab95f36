import { applying, runNow, validating } from './apply.ts'
import { type Bundled, empty, findBundled, holdsEntity, mergedBehind, portionsOf, putBehind } from './bundled.ts'
import type { Row } from './fields.ts'
import type { KindParts } from './kind-parts.ts'
import { type Scope, type Together, type Transaction, unscoped, within } from './transaction.ts'
import type { Intent, Key, Storage } from './storage.ts'

/** Intents that wait to be applied together: the last one for each key, and all for storages that append. */
export class Bundle<C> {
  readonly #kind: KindParts<Storage<C>>
  readonly #transaction: Transaction<C> | undefined
  readonly #limit: number
  readonly #scope: (context: C) => Scope
  #waiting = empty<C>()
  #context: { readonly value: C } | undefined

  constructor(
    kind: KindParts<Storage<C>>,
    { transaction, scope = unscoped }: Together<C, Transaction<C>>,
    limit: number,
  ) {
    this.#kind = kind
    this.#transaction = transaction
    this.#scope = scope
    this.#limit = limit
  }

  /** Whether it applies what states of a kind intend. */
  isOf(kind: KindParts<Storage<C>>): boolean {
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
  flush(): void {
    const portions = portionsOf(this.#waiting)
    this.#waiting = empty()
    if (this.#context === undefined) return
    const { value: context } = this.#context
    runNow(applying({ kind: this.#kind, portions }, within(this.#transaction, context)))
  }

  /** Adds the intents of a state, where the storages would take them. */
  add(intents: readonly Intent[], context: C): void {
    const changed = this.validate(intents, context)
    this.#context = { value: context }
    putBehind(this.#waiting, changed)
  }

  /** Asks the storages about the intents of a state as they would be applied. */
  validate(intents: readonly Intent[], context: C): Bundled<C> {
    const changed = mergedBehind(this.#waiting, intents, this.#kind, { context, scope: this.#scope(context) })
    runNow(validating({ kind: this.#kind, portions: portionsOf(changed) }))
    return changed
  }

  /** The row that waits for a key. */
  find(key: Key, context: C): Row | undefined {
    return findBundled(this.#waiting, key, this.#kind, { context, scope: this.#scope(context) })
  }

  /** Whether something of an entity waits. */
  holds(key: Key): boolean {
    return holdsEntity(this.#waiting, key)
  }
}
