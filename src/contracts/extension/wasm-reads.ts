import { GuestFault } from '../../fault.ts'
import { type Rows, storageFailed } from './engine-state.ts'
import type { Row } from './fields.ts'
import type { Key } from './storage.ts'
import type { CurrentCall } from './wasm-call.ts'
import type { Handles } from './wasm-handles.ts'
import type { KeyBuilder } from './wasm-key-builder.ts'
import type { Read } from './wasm-values.ts'
import type { Waits } from './wasm-waits.ts'

/** A read under way. It has one handle for all of its keys, and one for all of its values; −1 before the first row. */
interface OpenRead {
  readonly key: KeyBuilder
  readonly rows: Rows
  keys: number
  values: number
}

/** What the reads of a call reach. */
export interface ReadsHost {
  readonly keys: Handles<Read>
  readonly values: Handles<Read>
  readonly waits: Waits
  readonly call: CurrentCall
  /** The call was told to end. */
  readonly expired: () => boolean
}

type Step = IteratorResult<readonly [Row, Row], unknown>

/** The reads of the call under way on one instance, each made from the callback of the one before. */
export class Reads {
  /** The guest has a function for the rows of a read. */
  takesRows = false
  /** The handle of the value of the row that `next` came to. */
  value = 0
  readonly #host: ReadsHost
  readonly #open: OpenRead[] = []

  constructor(host: ReadsHost) {
    this.#host = host
  }

  /** The key of the innermost read. */
  get key(): Key | undefined {
    return this.#open.at(-1)?.key
  }

  /** Begins a read; `next` goes through its rows. */
  begin(key: KeyBuilder): void {
    if (!this.takesRows)
      throw new GuestFault(
        'EXTENSION_STORAGE',
        "it reads rows, and exports neither 'WasmOnReadValue' nor 'mortise_on_read_value'",
      )
    const { call, waits } = this.#host
    this.#open.push({ key, rows: call.state.read(call.asks(key), key, waits.call), keys: -1, values: -1 })
  }

  /** Goes to the next row of the innermost read. @returns the handle of its key; −1 after the last */
  next(): number {
    const read = this.#innermost()
    if (this.#host.expired()) {
      this.#open.pop()
      letGo(read)
      return -1
    }
    let step
    try {
      step = read.rows.next()
    } catch (thrown) {
      return storageFailed(thrown, read.key)
    }
    return step instanceof Promise
      ? this.#host.waits.later(step, read.key, (result) => this.#arrive(read, result))
      : this.#arrive(read, step)
  }

  /** The guest wants no more rows of the innermost read. */
  stop(): number {
    const { rows, key } = this.#innermost()
    this.#open.pop()
    try {
      const end: unknown = rows.return?.()
      return end instanceof Promise ? this.#host.waits.later(end, key, () => 0) : 0
    } catch (thrown) {
      return storageFailed(thrown, key)
    }
  }

  /** The call is over: what it did not read to the end is let go. */
  end(): void {
    if (this.#open.length === 0) return
    for (const read of this.#open.toReversed()) letGo(read)
    this.#open.length = 0
  }

  #arrive(read: OpenRead, step: Step): number {
    if (step.done === true) {
      this.#open.pop()
      return -1
    }
    const { keys, values, call } = this.#host
    const { key } = read
    const [keyRow, row] = pairOf(step.value, key)
    if (read.keys < 0) {
      call.count()
      read.keys = keys.add({ row: keyRow, key })
      read.values = values.add({ row, key })
    } else {
      keys.set(read.keys, { row: keyRow, key })
      values.set(read.values, { row, key })
    }
    this.value = read.values
    return read.keys
  }

  #innermost(): OpenRead {
    const read = this.#open.at(-1)
    if (read === undefined) throw new GuestFault('EXTENSION_STORAGE', 'it goes on with a read that it has not begun')
    return read
  }
}

/** What a storage gave for a row, if it is one. */
function pairOf(given: readonly [Row, Row], key: Key): readonly [Row, Row] {
  if (Array.isArray(given) && isObject(given[0]) && isObject(given[1])) return given
  return storageFailed(new TypeError('a read gave something else than the key and the value of a row'), key)
}

/** Ends a read whose call failed, or is to end: what that throws would hide why. */
function letGo({ rows }: OpenRead): void {
  try {
    const end: unknown = rows.return?.()
    if (end instanceof Promise) end.catch(() => {})
  } catch {
    // The call fails already.
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
