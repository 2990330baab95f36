import { refuseOption } from '../../options.ts'
import { AsyncBundle } from './async-bundle.ts'
import { type AsyncState, OpenAsyncState } from './async-state.ts'
import { type AnyStorage, type KindOptions, type KindParts, parseBundleSize, parseKind } from './kind-parts.ts'
import type { Together, AsyncTransaction } from './transaction.ts'

/** Options of a kind of state with storages that wait. */
export interface AsyncStateKindOptions<C> extends KindOptions<AnyStorage<C>>, Together<C, AsyncTransaction<C>> {}

/**
 * A kind of state some of whose storages wait: for a database, or for a service behind a network. Guests are written as for a
 * {@link StateKind}; `asyncExtensions` suspends them while they wait.
 *
 * `C` is what a state is opened with and what the methods of the storages get.
 *
 * @example
 * ```ts
 * import { AsyncStateKind } from 'mortise/extension'
 *
 * const queries = new AsyncStateKind<{ prices: URL }>({
 *   name: 'QueryProcessor',
 *   storages: {
 *     'shop.Price': {
 *       async: true,
 *       async get({ fields }, { prices }, { signal }) {
 *         const response = await fetch(new URL(String(fields.get('Article')), prices), { signal })
 *         return response.ok ? { Price: Number(await response.text()) } : undefined
 *       },
 *     },
 *   },
 * })
 * const state = queries.open({ prices: new URL('http://localhost:8080/prices/') })
 * await state.apply()
 * ```
 */
export class AsyncStateKind<C = undefined> {
  readonly #parts: KindParts<AnyStorage<C>>
  readonly #together: Together<C, AsyncTransaction<C>>

  /**
   * @param options - `name`, `storages`, `operations` (all), `packages` (names are the same on both sides), `intents` (100), `transaction`, `scope`
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: AsyncStateKindOptions<C>) {
    this.#parts = parseKind(options, 'an AsyncStateKind')
    const { transaction, scope } = options
    this.#together = { ...(transaction && { transaction }), ...(scope && { scope }) }
  }

  /**
   * Opens a state for one or more calls of extensions.
   *
   * @param context - what the storages get
   * @param bundle - where its intents are collected; default: `apply` passes them on to the storages
   * @throws MortiseError `OPTION_INVALID` for a bundle of another kind
   */
  open(context: C, bundle?: AsyncBundle<C>): AsyncState {
    if (bundle !== undefined && !(bundle instanceof AsyncBundle && bundle.isOf(this.#parts)))
      refuseOption('bundle', bundle, `one that the kind of state ${this.#parts.name} made`)
    return new OpenAsyncState(this.#parts, context, this.#together.transaction, bundle)
  }

  /**
   * Collects the intents of several states, one for each key, so that the storages are written to once. What is in there is what
   * `get` finds; a `read` flushes it before.
   *
   * @param size - how many intents make it {@link AsyncBundle.ready}; default 100
   * @throws MortiseError `OPTION_INVALID`
   */
  bundle(size = 100): AsyncBundle<C> {
    return new AsyncBundle(this.#parts, this.#together, parseBundleSize(size))
  }
}
