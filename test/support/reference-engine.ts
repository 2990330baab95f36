import assert from 'node:assert/strict'

/** Fields by name. */
export type Fields = Readonly<Record<string, unknown>>

/** What one call did. */
export interface Done {
  /** What it put into each intent, by field. */
  readonly intents: readonly Readonly<Record<string, unknown>>[]
  /** How many rows the guest was given. */
  readonly rows: number
}

/** How the guest's counters stand: blocks, freed blocks, bytes of the heap, bytes in use. */
export type Counters = readonly unknown[]

type Env = Record<string, (...args: never[]) => unknown>

/**
 * The ways of the engine that ABI 0.0.1 was made for, in plain WebAssembly: it restores nothing, cannot end a read, frees nothing,
 * and finds a panic on stdout. Guests have to run there too, and here their counters can be read.
 *
 * @param rows - by storage; a get gives the first
 */
export class ReferenceEngine {
  readonly #exports: WebAssembly.Exports
  readonly #memory: WebAssembly.Memory
  readonly #rows: Readonly<Record<string, readonly Fields[]>>
  readonly #keys: string[] = []
  readonly #values: Fields[] = []
  readonly #intents: Record<string, unknown>[] = []
  readonly #buffers: { readonly at: number; readonly size: number; used: number }[] = []
  #stdout = ''
  #offered = 0

  constructor(wasm: Uint8Array, rows: Readonly<Record<string, readonly Fields[]>> = {}) {
    this.#rows = rows
    const env: Env = { ...this.#functions(), ...this.#readers(), ...this.#writers() }
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(wasm)), {
      env,
      wasi_snapshot_preview1: { fd_write: this.#write.bind(this) },
    })
    this.#exports = instance.exports
    const { memory } = instance.exports
    assert(memory instanceof WebAssembly.Memory)
    this.#memory = memory
    this.#call('_start')
    this.#grow(64_000)
    this.#call('WasmAbiVersion_0_0_1')
  }

  /** Calls an extension. A panic is an error with all that was on stdout. */
  invoke(name: string): Done {
    for (const handles of [this.#keys, this.#values, this.#intents]) handles.length = 0
    for (const buffer of this.#buffers) buffer.used = 0
    this.#stdout = ''
    this.#offered = 0
    try {
      this.#call(name)
    } catch (error) {
      throw this.#stdout.startsWith('panic: ') ? new Error(this.#stdout.trim(), { cause: error }) : error
    }
    return { intents: [...this.#intents], rows: this.#offered }
  }

  get counters(): Counters {
    return ['Mallocs', 'Frees', 'HeapSys', 'HeapInuse'].map((name) => this.#call(`WasmGet${name}`))
  }

  #functions(): Env {
    const rowsOf = (key: bigint): readonly Fields[] => this.#rows[this.#keys[Number(key)] ?? ''] ?? []
    const query = (key: bigint): bigint => (rowsOf(key)[0] === undefined ? -1n : this.#value(rowsOf(key)[0]))
    const intend = (_key: bigint, value?: bigint): bigint => {
      const before = value === undefined ? {} : this.#values[Number(value)]
      return BigInt(this.#intents.push({ ...before }) - 1)
    }
    return {
      hostGetKey: (at: number, length: number) => BigInt(this.#keys.push(this.#text(at, length)) - 1),
      hostQueryValue: query,
      hostGetValue: query,
      hostReadValues: (key: bigint) => {
        for (const row of rowsOf(key)) {
          this.#offered++
          this.#call('WasmOnReadValue', this.#value(row), this.#value(row))
        }
      },
      hostNewValue: intend,
      hostUpdateValue: intend,
      hostValueLength: (value: bigint) => Object.keys(this.#values[Number(value)] ?? {}).length,
    }
  }

  /** Each by a name, of a key or a value, and by an index, of a list. */
  #readers(): Env {
    const kinds: Readonly<Record<string, (value: unknown) => unknown>> = {
      String: (text) => this.#pack(Buffer.from(String(text))),
      Bytes: (bytes) => this.#pack(bytes instanceof Uint8Array ? bytes : new Uint8Array(0)),
      Bool: (value) => (value === true ? 1n : 0n),
      QNamePkg: (name) => this.#pack(Buffer.from(String(name).split('.')[0] ?? '')),
      QNameEntity: (name) => this.#pack(Buffer.from(String(name).split('.')[1] ?? '')),
      Value: (value) => this.#value(value),
      ...Object.fromEntries(['Int32', 'Int64', 'Float32', 'Float64'].map((kind) => [kind, (value: unknown) => value])),
    }
    const entries = Object.entries(kinds).flatMap(([kind, give]): readonly (readonly [string, Env[string]])[] => {
      const named = (handle: bigint, name: number, length: number): unknown =>
        give(this.#values[Number(handle)]?.[this.#text(name, length)])
      const element = (handle: bigint, index: number): unknown => give(this.#values[Number(handle)]?.[index])
      return [
        [`hostKeyAs${kind}`, named],
        [`hostValueAs${kind}`, named],
        [`hostValueGetAs${kind}`, element],
      ]
    })
    return Object.fromEntries(entries)
  }

  /** Values of the guest's are kept as they come: a pointer and a length as a text. */
  #writers(): Env {
    const scalar = (value: unknown): unknown => value
    const text = (at: unknown, length: unknown): unknown => this.#text(Number(at), Number(length))
    const name = (...parts: readonly unknown[]): unknown =>
      `${String(text(parts[0], parts[1]))}.${String(text(parts[2], parts[3]))}`
    const scalars = ['Int32', 'Int64', 'Float32', 'Float64', 'Bool'].map((kind) => [kind, scalar] as const)
    const entries = [...scalars, ['String', text] as const, ['Bytes', text] as const, ['QName', name] as const]
    return Object.fromEntries(
      entries.map(([kind, read]) => [
        `hostRowWriterPut${kind}`,
        (handle: bigint, into: number, at: number, length: number, ...value: [unknown, unknown]) => {
          const intent = into === 0 ? {} : this.#intents[Number(handle)]
          assert(intent !== undefined)
          intent[this.#text(at, length)] = read(...value)
        },
      ]),
    )
  }

  #value(value: unknown): bigint {
    assert(typeof value === 'object' && value !== null)
    return BigInt(this.#values.push({ ...value }) - 1)
  }

  #pack(bytes: Uint8Array): bigint {
    const fitting = this.#buffers.find(({ size, used }) => size - used >= bytes.length)
    const buffer = fitting ?? this.#grow(Math.max(bytes.length, 1000))
    const at = buffer.at + buffer.used
    new Uint8Array(this.#memory.buffer).set(bytes, at)
    buffer.used += bytes.length
    return (BigInt(at) << 32n) | BigInt(bytes.length)
  }

  #grow(size: number): { readonly at: number; readonly size: number; used: number } {
    const buffer = { at: Number(this.#call('malloc', size)) >>> 0, size, used: 0 }
    this.#buffers.push(buffer)
    return buffer
  }

  #text(at: number, length: number): string {
    return Buffer.from(this.#memory.buffer, at >>> 0, length).toString()
  }

  #call(name: string, ...args: readonly unknown[]): unknown {
    const exported = this.#exports[name]
    assert(typeof exported === 'function', name)
    return Reflect.apply(exported, undefined, args)
  }

  #write(descriptor: number, vectors: number, count: number, written: number): number {
    assert.deepEqual([descriptor, count], [1, 1])
    const view = new DataView(this.#memory.buffer)
    const length = view.getUint32(vectors + 4, true)
    this.#stdout += Buffer.from(this.#memory.buffer, view.getUint32(vectors, true), length).toString()
    view.setUint32(written, length, true)
    return 0
  }
}
