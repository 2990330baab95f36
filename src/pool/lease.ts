import { MortiseError, reasonOf } from '../errors.ts'
import { hookOf, type LiveHook } from '../live-hook.ts'
import type { Hook, Slot } from './slot.ts'

/**
 * An instance of its own for several calls, which find what the ones before left. It is not restored between them, whatever the limit
 * `restore` says: that follows when the lease ends.
 */
export interface Lease<H> extends AsyncDisposable {
  /**
   * The contract's hooks, all on the one instance. They fail with what those of the plugin fail with, and:
   *
   * - `LEASE_FAILED`, once a call has failed: its instance is gone, and with it what the calls before it left. `cause` is that failure;
   * - `LEASE_ENDED`, once it was ended, or was open for longer than the plugin's option `leases.time` says;
   * - `PLUGIN_BUSY`, for a call from inside another one of this lease;
   * - `PLUGIN_UNPLUGGED` and `VERSION_RETIRED`, once the plugin, or the version that the lease began on, is gone.
   */
  readonly hooks: H
  /** Ends it, and lets others have the instance. Resolves once its calls under way have ended; once more changes nothing. */
  end(): Promise<void>
}

/** A lease as the plugin holds it: its slot, and whether it may be called. */
export class OpenLease {
  readonly slot: Slot
  /** When it was begun, on the clock of `performance`. */
  readonly since: number = performance.now()
  readonly #plugin: string
  /** Its hooks return promises. */
  readonly #waits: boolean
  readonly #over: (lease: OpenLease) => void
  readonly #resolvers: PromiseWithResolvers<void> = Promise.withResolvers()
  /** Calls under way. */
  #running = 0
  /** Makes what calls are refused with, once they are. */
  #refusal: (() => MortiseError) | undefined
  #given = false

  /** @param over - takes the instance back, once no call is under way */
  constructor(plugin: string, waits: boolean, slot: Slot, over: (lease: OpenLease) => void) {
    this.#plugin = plugin
    this.#waits = waits
    this.slot = slot
    this.#over = over
  }

  /** From now on calls are refused; the first reason counts. Resolves once the last call under way has ended. */
  async end(refusal: () => MortiseError = () => this.#ended()): Promise<void> {
    this.#refusal ??= refusal
    this.#giveBack()
    await this.#resolvers.promise
  }

  /** A hook of the lease, which is counted with those of the plugin. Written out for the usual numbers of parameters, as in `bracketed`. */
  hook(live: LiveHook, index: number, length: number): Hook {
    const hook = hookOf(this.slot, index)
    if (this.#waits) return (...args) => this.#call(live, hook, args)
    switch (length) {
      case 0:
        return () => {
          this.#enter()
          let result
          try {
            result = --live.left < 1 ? live.timed(hook, []) : hook()
          } catch (thrown) {
            this.#failed(thrown)
          }
          return this.#left(result)
        }
      case 1:
        return (a) => {
          this.#enter()
          let result
          try {
            result = --live.left < 1 ? live.timed(hook, [a]) : hook(a)
          } catch (thrown) {
            this.#failed(thrown)
          }
          return this.#left(result)
        }
      default:
        return (...args) => {
          this.#enter()
          let result
          try {
            result = --live.left < 1 ? live.timed(hook, args) : hook(...args)
          } catch (thrown) {
            this.#failed(thrown)
          }
          return this.#left(result)
        }
    }
  }

  #enter(): void {
    if (this.#refusal !== undefined) throw this.#refusal()
    if (!this.slot.instance.ready) throw this.#busy()
    this.#running++
  }

  #left<T>(result: T): T {
    this.#running--
    if (this.#refusal !== undefined) this.#giveBack()
    return result
  }

  async #call(live: LiveHook, hook: Hook, args: unknown[]): Promise<unknown> {
    this.#enter()
    let value
    try {
      value = await (--live.left < 1 ? live.timed(hook, args) : hook(...args))
    } catch (thrown) {
      this.#failed(thrown)
    }
    return this.#left(value)
  }

  #failed(thrown: unknown): never {
    // The guest was not entered.
    if (!MortiseError.is(thrown, 'INPUT_INVALID')) this.#refusal ??= () => this.#broken(thrown)
    this.#left(undefined)
    throw thrown
  }

  #giveBack(): void {
    if (this.#running > 0 || this.#given) return
    this.#given = true
    this.#over(this)
    this.#resolvers.resolve()
  }

  #broken(cause: unknown): MortiseError {
    return new MortiseError(
      'LEASE_FAILED',
      `Cannot call plugin '${this.#plugin}' in this lease: a call before failed, and what the guest knew is gone: ${reasonOf(cause)}. Begin another lease`,
      { plugin: this.#plugin, cause },
    )
  }

  #ended(): MortiseError {
    return new MortiseError('LEASE_ENDED', `Cannot call plugin '${this.#plugin}' in this lease: it was ended`, {
      plugin: this.#plugin,
    })
  }

  #busy(): MortiseError {
    return new MortiseError(
      'PLUGIN_BUSY',
      `Cannot call plugin '${this.#plugin}' in this lease: another call of the lease is under way`,
      { plugin: this.#plugin },
    )
  }
}
