import { MortiseError, reasonOf } from './errors.ts'
import type { HandOver } from './runtime.ts'
import type { Version } from './versions.ts'
import { within } from './within.ts'

/** Milliseconds that each step may take: that calls under way end, `dispose`, `accept`. */
const longest = 5000
/** Bytes of what is handed over. */
const largest = 16 * 2 ** 20

type Give = NonNullable<HandOver['dispose']>
type Take = NonNullable<HandOver['accept']>

/**
 * How the state of one version gets to the next, where one exports `dispose` and the other `accept`; undefined where they don't.
 *
 * @throws MortiseError `HANDOVER_FAILED` where they are on different runtimes
 */
export function stateHandOver(plugin: string, from: Version, to: Version): StateHandOver | undefined {
  const giver = from.first()?.instance.handOver
  if (giver?.dispose === undefined) return undefined
  return handOverBetween(
    { plugin, digest: to.digest },
    { ...giver, runtime: from.runtime, idle: () => from.idle() },
    { accept: to.take().instance.handOver?.accept, runtime: to.runtime },
  )
}

/** Whose state is handed over. */
export interface Giver extends Partial<HandOver> {
  readonly runtime: string
  /** Resolves when no call is under way on it. */
  idle(): Promise<void>
}

/**
 * The same, of versions of any kind.
 *
 * @param of - what it is about, for errors: the digest is that of the new version
 */
export function handOverBetween(
  { plugin, digest }: { readonly plugin: string; readonly digest: string },
  from: Giver,
  { accept, runtime }: Pick<HandOver, 'accept'> & { readonly runtime: string },
): StateHandOver | undefined {
  if (from.dispose === undefined || accept === undefined) return undefined
  const what = `Cannot swap plugin '${plugin}' to ${digest}`
  if (from.runtime === runtime) return new StateHandOver({ plugin, what }, from, from.dispose, accept)
  const why = `its state is of the runtime '${from.runtime}', and '${runtime}' cannot read that`
  throw new MortiseError('HANDOVER_FAILED', `${what}: ${why}. Swap with 'fresh: true' to begin without it`, { plugin })
}

/** A state on its way. Where that fails, the version before has it again, if it can take it, and is live. */
export class StateHandOver {
  readonly #from: Giver
  readonly #of: { readonly plugin: string; readonly what: string }
  readonly #give: Give
  readonly #take: Take
  #given: Uint8Array | undefined

  constructor(of: { plugin: string; what: string }, from: Giver, give: Give, take: Take) {
    this.#from = from
    this.#of = of
    this.#give = give
    this.#take = take
  }

  /** Waits until no call is under way on the version before. */
  async drain(): Promise<void> {
    try {
      await within(longest, 'the calls under way', this.#from.idle())
    } catch (cause) {
      throw this.#failure('calls of the version before are under way', cause)
    }
  }

  /** Moves the state: at once, where `dispose` and `accept` return at once. */
  move(): void | Promise<void> {
    let given
    try {
      given = this.#give()
    } catch (cause) {
      throw this.#failure("'dispose' of the version before failed", cause)
    }
    if (given instanceof Promise) return this.#moveLater(given)
    this.#given = given
    let taken
    try {
      taken = this.#take(checked(given))
    } catch (cause) {
      return this.#back(given, cause)
    }
    if (taken instanceof Promise)
      return within(longest, "the promise of 'accept'", taken).catch((cause: unknown) => this.#back(given, cause))
    return undefined
  }

  async #moveLater(given: Promise<Uint8Array>): Promise<void> {
    let state
    try {
      state = await within(longest, "the promise of 'dispose'", given)
    } catch (cause) {
      throw this.#failure("'dispose' of the version before failed", cause)
    }
    this.#given = state
    try {
      await within(longest, "the promise of 'accept'", Promise.resolve(this.#take(checked(state))))
    } catch (cause) {
      await this.#back(state, cause)
    }
  }

  /** Begins at once, so that no call of the version before comes between. */
  async #back(state: Uint8Array, cause: unknown): Promise<never> {
    throw this.#failure("'accept' failed", cause, await this.#takeBack(state))
  }

  /** Gives a state back that was moved: the new version does not go live after all. */
  async undo(): Promise<void> {
    if (this.#given !== undefined) await this.#takeBack(this.#given)
  }

  /** @returns how that went, as the end of a sentence */
  async #takeBack(state: Uint8Array): Promise<string> {
    const { accept } = this.#from
    if (accept === undefined) return ", which exports no 'accept' to take its state back"
    try {
      await within(longest, "the promise of 'accept'", Promise.resolve(accept(state)))
      return ' and has its state again'
    } catch (again) {
      return ` and did not take its state back: ${reasonOf(again)}`
    }
  }

  #failure(why: string, cause: unknown, more = ''): MortiseError {
    const { plugin, what } = this.#of
    const message = `${what}: ${why}: ${reasonOf(cause)}. What was live is live${more}`
    return new MortiseError('HANDOVER_FAILED', message, { plugin, cause })
  }
}

function checked(state: Uint8Array): Uint8Array {
  if (state.length <= largest) return state
  throw new RangeError(`the state has ${state.length} bytes, and may have ${largest}`)
}
