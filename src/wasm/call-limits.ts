import type { Meter } from '../runtime.ts'
import { wasmFunction, type WasmFunction } from './function.ts'
import { leaveResult } from './rewrite/bracket.ts'
import { hidden } from './rewrite/names.ts'
import { Stopped } from './stopped.ts'
import type { Segments } from './suspension.ts'
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
  readonly #meter: Meter
  /** Milliseconds that a call may take. */
  #deadline: number
  #micros: WebAssembly.Global | undefined
  #enter: WasmFunction | undefined
  #leave: WasmFunction | undefined
  #refused: WebAssembly.Global | undefined
  #fuel: WebAssembly.Global | undefined

  constructor(limits: WasmLimits, meter: Meter) {
    this.#limits = limits
    this.#meter = meter
    this.#deadline = limits.deadline
    this.watchdog = limits.deadline === Infinity ? undefined : watchdog()
  }

  /** Takes hold of what the module exports for this. */
  attach(exports: WebAssembly.Exports): void {
    const { deadline, fuel } = this.#limits
    this.#refused = globalOf(exports, hidden.refused)
    this.#fuel = globalOf(exports, hidden.fuel)
    this.#micros = globalOf(exports, hidden.deadline)
    this.allow(deadline)
    set(globalOf(exports, hidden.fuelLimit), BigInt(fuel ?? 0))
    if (!(hidden.enter in exports)) return
    this.#enter = wasmFunction(exports, hidden.enter)
    this.#leave = wasmFunction(exports, hidden.leave)
  }

  /** From now on every call that returns is followed by a restore. */
  refresh(exports: WebAssembly.Exports): void {
    this.#leave = wasmFunction(exports, hidden.leaveFresh)
  }

  /** Gives the calls from now on so many milliseconds. False where nothing looks at deadlines. */
  allow(deadline: number): boolean {
    if (this.#micros === undefined) return false
    this.#deadline = deadline
    this.#micros.value = deadline * 1000
    return true
  }

  /** Milliseconds that the next call may take. */
  get deadline(): number {
    return this.#deadline
  }

  /** A call begins, made from none or from inside another one. */
  begin(): void {
    if (this.#enter !== undefined) this.#enter()
  }

  /** A binding may call the guest while it binds, outside of any call: it gets the fuel of one. */
  refill(): void {
    set(this.#fuel, BigInt(this.#limits.fuel ?? 0))
  }

  /** The call returned. False when it should have been followed by a restore, and the instance has to be replaced instead. */
  end(): boolean {
    if (this.#leave === undefined) return true
    const burnt = this.#leave()
    if (this.#fuel !== undefined) this.#count(burnt < 0 ? this.#burnt() : burnt)
    return burnt !== leaveResult.stale
  }

  /** A call that may have been suspended returned. Its frame is gone. */
  endLate(): void {
    if (this.#fuel !== undefined) this.#count(this.#burnt())
  }

  /** The call threw: says what it was really ended by. */
  failed(thrown: unknown): Ending {
    const expired = this.watchdog?.expired === true
    const call = this.watchdog?.call ?? 1
    this.watchdog?.leave()
    return this.failedLate(thrown, { expired, first: call, last: call })
  }

  /** The same of a call that may have been suspended, whose frame is gone. */
  failedLate(thrown: unknown, { expired, first, last }: Segments): Ending {
    // A guest that was refused memory left the number of the call there, or 1 where calls have none.
    const since = this.watchdog === undefined ? 1 : first
    const number = Number(this.#refused?.value ?? 0) & callBits
    const refused = number !== 0 && ((number - since) & callBits) <= ((last - first) & callBits)
    const { fuel = Infinity } = this.#limits
    const burnt = this.#burnt()
    if (this.#fuel !== undefined) this.#count(Math.min(burnt, fuel))
    if (!(thrown instanceof WebAssembly.RuntimeError && thrown.message === 'unreachable')) return { thrown, refused }
    if (burnt > fuel) return { thrown: new Stopped('FUEL', `${fuel} units`, thrown), refused }
    return { thrown: expired ? new Stopped('DEADLINE', `${this.#deadline} ms`, thrown) : thrown, refused }
  }

  #burnt(): number {
    return (this.#limits.fuel ?? 0) - Number(this.#fuel?.value ?? 0)
  }

  #count(burnt: number): void {
    this.#meter.lastFuel = burnt
    this.#meter.fuel += burnt
  }
}

function globalOf(exports: WebAssembly.Exports, name: string): WebAssembly.Global | undefined {
  const found = exports[name]
  return found instanceof WebAssembly.Global ? found : undefined
}

function set(global: WebAssembly.Global | undefined, value: number | bigint): void {
  if (global !== undefined) global.value = value
}
