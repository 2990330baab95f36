import type { Meter } from '../runtime.ts'
import { wasmFunction, type WasmFunction } from './function.ts'
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
  #full: WebAssembly.Global | undefined
  #pages: WasmFunction | undefined
  #running: WebAssembly.Global | undefined

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
    this.#running = globalOf(exports, hidden.running)
    this.allow(deadline)
    set(globalOf(exports, hidden.fuelLimit), BigInt(fuel ?? 0))
    this.#full = globalOf(exports, hidden.full)
    if (this.#full !== undefined) this.#pages = wasmFunction(exports, hidden.pages)
    if (!(hidden.enter in exports)) return
    this.#enter = wasmFunction(exports, hidden.enter)
    this.#leave = wasmFunction(exports, hidden.leave)
  }

  /** From now on every call that returns is followed by a restore, or none is. */
  refresh(exports: Readonly<Record<string, unknown>>, fresh: boolean): void {
    this.#leave = wasmFunction(exports, fresh ? hidden.leaveFresh : hidden.leave)
  }

  /** From now on the memory is full with so many pages, if it can grow. */
  fillTo(pages: number): void {
    set(this.#full, pages)
  }

  /** The memory is full, as `leave` says of the calls that were not suspended. */
  get full(): boolean {
    return this.#pages !== undefined && this.#pages() >= Number(this.#full?.value)
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

  /** The call returned. @returns what it burnt, or one of `leaveResult` */
  end(): number {
    return this.#leave === undefined ? 0 : this.returned(this.#leave())
  }

  /** The same of a call that the guest itself left. @param result - what that returned */
  returned(result: number): number {
    if (this.#fuel !== undefined) this.#count(result < 0 ? this.#burnt() : result)
    return result
  }

  /** A call that may have been suspended returned. Its frame is gone. */
  endLate(): void {
    if (this.#fuel !== undefined) this.#count(this.#burnt())
  }

  /** The call threw: says what it was really ended by. */
  failed(thrown: unknown): Ending {
    const call = this.watchdog === undefined ? 1 : Number(this.#running?.value ?? 0)
    // The guest was not in it, as before it is called, or when it has ended: it has no frame then.
    if (this.watchdog === undefined || call === 0)
      return this.failedLate(thrown, { expired: false, first: call, last: call })
    set(this.#running, 0)
    const { expired } = this.watchdog
    this.watchdog.leave()
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
    if (this.#fuel !== undefined) {
      this.#count(Math.min(burnt, fuel))
      // What is counted is not counted again, where another attempt does not come to the guest.
      this.refill()
    }
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
