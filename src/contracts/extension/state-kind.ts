import { refuseOption } from '../../options.ts'
import { Bundle } from './bundle.ts'
import { type KindOptions, type KindParts, parseBundleSize, parseKind } from './kind-parts.ts'
import { OpenState, type State } from './state.ts'
import type { Together, Transaction } from './transaction.ts'
import type { Storage } from './storage.ts'

/** Options of a kind of state. */
export interface StateKindOptions<C> extends KindOptions<Storage<C>>, Together<C, Transaction<C>> {}

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
  readonly #parts: KindParts<Storage<C>>
  readonly #together: Together<C, Transaction<C>>

  /**
   * @param options - `name`, `storages`, `operations` (all), `packages` (names are the same on both sides), `intents` (100), `transaction`, `scope`
   * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
   */
  constructor(options: StateKindOptions<C>) {
    this.#parts = parseKind(options, 'a StateKind')
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
  open(context: C, bundle?: Bundle<C>): State {
    if (bundle !== undefined && !(bundle instanceof Bundle && bundle.isOf(this.#parts)))
      refuseOption('bundle', bundle, `one that the kind of state ${this.#parts.name} made`)
    return new OpenState(this.#parts, context, this.#together.transaction, bundle)
  }

  /**
   * Collects the intents of several states, one for each key, so that the storages are written to once. What is in there is what
   * `get` finds; a `read` flushes it before.
   *
   * @param size - how many intents make it {@link Bundle.ready}; default 100
   * @throws MortiseError `OPTION_INVALID`
   */
  bundle(size = 100): Bundle<C> {
    return new Bundle(this.#parts, this.#together, parseBundleSize(size))
  }
}
