import type { Meter } from '../runtime.ts'
import { wasmFunction } from './function.ts'
import { hidden } from './rewrite/names.ts'
import { Stopped } from './stopped.ts'
import { Tank } from './tank.ts'
import type { WasmLimits } from './wasm-limits.ts'
import { type Watchdog, watchdog } from './watchdog.ts'
import { callBits } from './watchdog-words.ts'

/** What ended a call, and whether it was refused memory before. */
export interface Ending {
  readonly thrown: unknown
  readonly refused: boolean
}

/** The limits of one instance's calls that are looked at inside the guest: deadline, fuel, and the memory that it was refused. */
export class CallLimits {
  readonly watchdog: Watchdog | undefined
  readonly #limits: WasmLimits
  /** Microseconds. */
  readonly #deadline: number
  #tank: Tank | undefined
  #refused: WebAssembly.Global | undefined
  #forget: (() => unknown) | undefined

  constructor(limits: WasmLimits) {
    this.#limits = limits
    this.#deadline = limits.deadline * 1000
    this.watchdog = limits.deadline === Infinity ? undefined : watchdog()
  }

  /** Takes hold of what the module exports for this. */
  attach(exports: WebAssembly.Exports, meter: Meter): void {
    const refused = exports[hidden.refused]
    if (refused instanceof WebAssembly.Global) this.#refused = refused
    if (hidden.forget in exports) this.#forget = wasmFunction(exports, hidden.forget)
    if (this.#limits.fuel !== undefined) this.#tank = new Tank(exports, this.#limits.fuel, meter)
  }

  /** A call begins, made from none or from inside another one. */
  begin(): void {
    if (this.#tank !== undefined) this.#tank.fill()
    const dog = this.watchdog
    if (dog === undefined) {
      if (this.#forget !== undefined) this.#forget()
      return
    }
    dog.enter(this.#deadline)
  }

  /** A binding may call the guest while it binds, outside of any call: it gets the fuel of one. */
  refill(): void {
    this.#tank?.fill()
  }

  /** The call returned. */
  end(): void {
    if (this.watchdog !== undefined) this.watchdog.leave()
    if (this.#tank !== undefined) this.#tank.read()
  }

  /** The call threw: says what it was really ended by. */
  failed(thrown: unknown): Ending {
    const expired = this.watchdog?.expired === true
    // A guest that was refused memory left the number of the call there, or 1 where calls have none.
    const refused =
      this.#refused !== undefined && (Number(this.#refused.value) & callBits) === (this.watchdog?.call ?? 1)
    this.watchdog?.leave()
    const empty = this.#tank?.read() === true
    const { fuel, deadline } = this.#limits
    if (!(thrown instanceof WebAssembly.RuntimeError && thrown.message === 'unreachable')) return { thrown, refused }
    if (empty) return { thrown: new Stopped('FUEL', `${fuel ?? 0} units`, thrown), refused }
    return { thrown: expired ? new Stopped('DEADLINE', `${deadline} ms`, thrown) : thrown, refused }
  }
}
