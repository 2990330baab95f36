import { GuestFault } from '../../fault.ts'
import { about, rowOrNone } from './engine-state.ts'
import { readElement, readField, type Reading, type Row } from './fields.ts'
import { showKey } from './storage.ts'
import type { CurrentCall } from './wasm-call.ts'
import { Handles } from './wasm-handles.ts'
import type { KeyBuilder } from './wasm-key-builder.ts'
import { located } from './wasm-located.ts'
import type { Waits } from './wasm-waits.ts'

/** A row that a guest reads, with the key that it came by. */
export interface Read {
  readonly row: Row
  readonly key: KeyBuilder
}

/** The values of the call under way on one instance, by their handles. */
export class Values {
  readonly handles: Handles<Read> = new Handles('value')
  readonly #call: CurrentCall
  readonly #waits: Waits

  constructor(call: CurrentCall, waits: Waits) {
    this.#call = call
    this.#waits = waits
  }

  /** The value of a key, which has to be there if it `must`, else −1. */
  ask(key: KeyBuilder, must: boolean): number {
    const { state } = this.#call
    const answer = state.query(this.#call.asks(key), key, this.#waits.call)
    if (state.waits && answer instanceof Promise)
      return this.#waits.later(answer, key, (row) => this.#answer(rowOrNone(row, key), key, must))
    return this.#answer(rowOrNone(answer, key), key, must)
  }

  /** A field of a key or a value. */
  field<T>({ row, key }: Read, name: string, reading: Reading<T>): T {
    try {
      return readField(row, name, reading)
    } catch (thrown) {
      return located(thrown, key)
    }
  }

  /** An element of a list. */
  element<T>({ row, key }: Read, index: number, reading: Reading<T>): T {
    try {
      return readElement(row, index, reading)
    } catch (thrown) {
      return located(thrown, key)
    }
  }

  /** A row inside a row, as a value of its own. */
  nested(row: Row | undefined, { key }: Read): number {
    return row === undefined ? -1 : this.#add(row, key)
  }

  #answer(row: Row | undefined, key: KeyBuilder, must: boolean): number {
    if (row !== undefined) return this.#add(row, key)
    return must ? this.#absent(key) : -1
  }

  #absent(key: KeyBuilder): never {
    throw new GuestFault(
      'EXTENSION_ABSENT',
      `state ${this.#call.state.kind.name}, key {${showKey(key)}}: not exists`,
      about(key),
    )
  }

  #add(row: Row, key: KeyBuilder): number {
    this.#call.count()
    return this.handles.add({ row, key })
  }
}
