import type { EngineState } from './engine-state.ts'
import type { FieldKind, FieldValue, Row } from './fields.ts'
import type { AnyStorage, StorageSlot } from './kind-parts.ts'
import type { CurrentCall } from './wasm-call.ts'
import { Emission } from './wasm-emission.ts'
import { Handles } from './wasm-handles.ts'
import { IntentBuilder } from './wasm-intent.ts'
import type { KeyBuilder } from './wasm-key-builder.ts'
import { located } from './wasm-located.ts'

/** What the call under way on one instance intends, by the handles. */
export class Intents {
  readonly handles: Handles<IntentBuilder> = new Handles('intent')
  readonly #call: CurrentCall
  /** What goes to a storage that takes it at once, as soon as the guest is done with it. */
  readonly #emission = new Emission()

  constructor(call: CurrentCall) {
    this.#call = call
  }

  /** Begins an intent. @param row - what is updated */
  begin(key: KeyBuilder, row: Row | undefined): number {
    const slot = key.share()
    const builder = new IntentBuilder(key, row, this.#call.state.begin(slot, key, row, this.#kept))
    if (row === undefined && slot.storage.emit !== undefined) return this.#emitting(slot, builder)
    this.#call.count()
    return this.handles.add(builder)
  }

  /** Puts a field in. @param bytes - how many it takes, with its name */
  put(handle: number, kind: FieldKind, name: string, value: FieldValue, bytes: number): void {
    const intent = this.handles.get(handle)
    if (this.#emission.handle === handle) this.#emission.put(intent, bytes)
    try {
      intent.put(kind, name, value)
    } catch (thrown) {
      located(thrown, intent.key)
    }
  }

  /** The guest has ended well: its state gets them. */
  commit(state: EngineState): void {
    const { handles } = this
    if (handles.count === 0) return
    const kept = this.#kept
    if (kept > 0) state.admit(handles.get(0).key, kept)
    this.#emit()
    for (let handle = 0; handle < handles.count; handle++) {
      if (handle !== this.#emission.handle) state.add(handles.get(handle))
    }
  }

  /** Another call begins. */
  clear(): void {
    this.handles.clear()
    this.#emission.clear()
  }

  /** How many there are for the state. */
  get #kept(): number {
    return this.handles.count - (this.#emission.handle === undefined ? 0 : 1)
  }

  /** Hands on what is begun. @returns how many bytes nobody has to keep now */
  #emit(): number {
    if (this.#emission.handle === undefined) return 0
    this.#call.final = true
    return this.#emission.emit(this.#call.state)
  }

  /** Begins what is taken at once. All of it has one handle, so that there may be any number. */
  #emitting(slot: StorageSlot<AnyStorage<unknown>>, builder: IntentBuilder): number {
    this.#call.write(-this.#emit())
    this.#emission.next(slot, builder)
    const { handle } = this.#emission
    if (handle === undefined) {
      this.#call.count()
      return (this.#emission.handle = this.handles.add(builder))
    }
    this.handles.set(handle, builder)
    return handle
  }
}
