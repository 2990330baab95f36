import type { Meter } from '../runtime.ts'
import { wasmFunction } from './function.ts'
import { hidden } from './rewrite/names.ts'

/** The fuel of one instance: filled before a call, read after it. */
export class Tank {
  readonly #limit: number
  readonly #meter: Meter
  readonly #fill: (units: number) => unknown
  readonly #left: () => number

  /** @param limit - units per call */
  constructor(exports: WebAssembly.Exports, limit: number, meter: Meter) {
    this.#limit = limit
    this.#meter = meter
    this.#fill = wasmFunction(exports, hidden.setFuel)
    this.#left = wasmFunction(exports, hidden.fuel)
  }

  fill(): void {
    this.#fill(this.#limit)
  }

  /** Counts what the call burnt, and says whether it wanted more than there was. */
  read(): boolean {
    const left = this.#left()
    this.#meter.lastFuel = this.#limit - Math.max(left, 0)
    this.#meter.fuel += this.#meter.lastFuel
    return left < 0
  }
}
