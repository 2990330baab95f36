import type { EngineState } from './engine-state.ts'
import type { AnyStorage, StorageSlot } from './kind-parts.ts'
import type { IntentBuilder } from './wasm-intent.ts'

/** What a guest inserts into a storage that takes it at once: one after the other, all by one handle. */
export class Emission {
  /** The handle of all of them; `undefined` until there is one. */
  handle: number | undefined
  #slot: StorageSlot<AnyStorage<unknown>> | undefined
  #builder: IntentBuilder | undefined
  #bytes = 0

  /** Begins the next one. */
  next(slot: StorageSlot<AnyStorage<unknown>>, builder: IntentBuilder): void {
    this.#slot = slot
    this.#builder = builder
    this.#bytes = 0
  }

  /** The guest put so many bytes somewhere. */
  put(into: object, bytes: number): void {
    if (into === this.#builder) this.#bytes += bytes
  }

  /** Hands on the one that is begun. @returns how many bytes nobody has to keep now */
  emit(state: EngineState): number {
    if (this.#slot === undefined || this.#builder === undefined) return 0
    state.emit(this.#slot, this.#builder)
    return this.#bytes
  }

  /** Another call begins. */
  clear(): void {
    this.handle = undefined
    this.#slot = undefined
    this.#builder = undefined
  }
}
