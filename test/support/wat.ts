import assert from 'node:assert/strict'
import {
  Mortise,
  MortiseError,
  type ErrorCode,
  type Plugin,
  type PlugOptions,
  type PluginLogLine,
  type Source,
} from 'mortise'
import { type AnyFunction, type Contract, defineContract, type Instance } from 'mortise/contract'
import { requireSurface, wasm, type Ports, type WasmOptions } from 'mortise/wasm'
import wabt from 'wabt'
import type { Binding } from '../../src/contract.ts'

const tools = await wabt()

const features = {
  exceptions: true,
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  simd: true,
  threads: true,
  function_references: true,
  multi_value: true,
  tail_call: true,
  bulk_memory: true,
  reference_types: true,
  annotations: true,
  gc: true,
  memory64: true,
  multi_memory: true,
  extended_const: true,
  relaxed_simd: true,
}

interface WatOptions {
  /** Whether the names of the text come into a name section. */
  readonly names?: boolean
  /** Writes numbers with as many bytes as they may have, not as few. */
  readonly padded?: boolean
}

/** Assembles WebAssembly text without validating it. */
export function wat(text: string, { names = true, padded = false }: WatOptions = {}): Uint8Array<ArrayBuffer> {
  const module = tools.parseWat('guest.wat', text, features)
  try {
    return Uint8Array.from(module.toBinary({ write_debug_names: names, canonicalize_lebs: !padded }).buffer)
  } finally {
    module.destroy()
  }
}

/** A number as a module writes it. */
export function leb(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...leb(Math.floor(value / 128))]
}

/** A module made of sections by hand, for what the assembler has no words for. */
export function sections(...all: readonly (readonly [id: number, ...content: number[]])[]): Uint8Array<ArrayBuffer> {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
  const rest = all.flatMap(([id, ...content]) => [id, leb(content.length), content].flat())
  return Uint8Array.from([...header, ...rest])
}

/** A data segment for AssemblyScript's string: the length in bytes, and UTF-16. `at` is the pointer to the text. */
export function stringData(at: number, text: string): string {
  const bytes = Buffer.alloc(4 + text.length * 2)
  bytes.writeUInt32LE(text.length * 2)
  for (let unit = 0; unit < text.length; unit++) bytes.writeUInt16LE(text.charCodeAt(unit), 4 + unit * 2)
  return `(data (i32.const ${at - 4}) "${[...bytes].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')}")`
}

/** The exports of the `action` contract around a body of `main (param $event i32) (result i32)`. */
export function actionWat(body: string, more = '', imports = ''): string {
  return `(module
    ${imports}
    (memory (export "memory") 1)
    (global $heap (mut i32) (i32.const 4096))
    ${more}
    (func (export "action_abi_1"))
    (func $string_new (export "string_new") (param $bytes i32) (result i32) (local $at i32) (local $end i32)
      (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -4)))
      (local.set $end (i32.add (local.get $at) (local.get $bytes)))
      (if (i32.gt_u (local.get $end) (i32.mul (memory.size) (i32.const 65536)))
        (then (if (i32.eq (i32.const -1) (memory.grow (i32.add (i32.const 1) (i32.shr_u (i32.sub (local.get $end) (i32.mul (memory.size) (i32.const 65536))) (i32.const 16)))))
          (then unreachable))))
      (i32.store (i32.sub (local.get $at) (i32.const 4)) (local.get $bytes))
      (global.set $heap (local.get $end))
      (local.get $at))
    (func $main (export "main") (param $event i32) (result i32) ${body}))`
}

/** A contract without claims: hooks to call what there is, and host functions as a test needs them. */
export type BenchContract = Contract<BenchHooks, { readonly wasm: Binding<BenchHooks, 'wasm', 'sync'> }>

export interface BenchHooks {
  /** Calls an exported function. */
  call(name: string, args: readonly unknown[]): unknown
  /** Runs inside a call, with what a binding works with. */
  use(run: (unit: Unit) => unknown): unknown
}

/** What a binding to a module works with. */
export type Unit = Instance<'wasm'>['unit']

/** What a module may ask of its host under the name `bench`. */
export type HostFunctions = Readonly<
  Record<string, readonly [type: string, make: (instance: () => Instance<'wasm'>) => AnyFunction]>
>

export function benchContract(functions: HostFunctions = {}, exports: Ports = {}, pure = false): BenchContract {
  const entries = Object.entries(functions)
  const types = Object.fromEntries(entries.map(([name, [type]]) => [name, type]))
  return defineContract<BenchHooks>()({
    name: 'bench',
    pure,
    hooks: { call: 2, use: 1 },
    bindings: {
      wasm: {
        mode: 'sync',
        check: requireSurface({ exports, imports: { bench: types } }),
        imports: (instance) => ({
          bench: Object.fromEntries(entries.map(([name, [, make]]) => [name, make(instance)])),
        }),
        bind: (instance) => ({
          call: instance.guard('call', (name: string, args: readonly unknown[]): unknown => {
            const exported = instance.unit.exports[name]
            assert(typeof exported === 'function', `the guest exports no function '${name}'`)
            return Reflect.apply(exported, undefined, args)
          }),
          use: instance.guard('use', (run: (unit: Unit) => unknown): unknown => run(instance.unit)),
        }),
      },
    },
  })
}

/** What `plugBench` takes beside the guest. */
export interface BenchOptions extends PlugOptions<'wasm'> {
  readonly functions?: HostFunctions
  readonly exports?: Ports
  readonly pure?: boolean
  readonly wasm?: WasmOptions
}

export interface PluggedBench extends AsyncDisposable {
  readonly host: Mortise<'wasm'>
  readonly plugin: Plugin<BenchHooks>
  readonly lines: readonly PluginLogLine[]
  call(name: string, ...args: readonly unknown[]): unknown
  use<T>(run: (unit: Unit) => T): T
}

/** A guest on a host of its own, under the bench contract; text is assembled. */
export async function plugBench(guest: string | Uint8Array, options: BenchOptions = {}): Promise<PluggedBench> {
  const { functions, exports, pure, wasm: wasmOptions, ...rest } = options
  const lines: PluginLogLine[] = []
  const host = new Mortise({
    runtimes: [wasm({ deadline: '20 s', ...wasmOptions })],
    log: (line) => void lines.push(line),
  })
  const source: Source = typeof guest === 'string' ? wat(guest) : guest
  const plugin = await host.plug('guest', source, benchContract(functions, exports, pure), rest)
  return {
    host,
    plugin,
    lines,
    call: (name: string, ...args: readonly unknown[]): unknown => plugin.hooks.call(name, args),
    use(run) {
      const results: { readonly value: ReturnType<typeof run> }[] = []
      plugin.hooks.use((unit) => void results.push({ value: run(unit) }))
      const [result] = results
      assert(result !== undefined)
      return result.value
    },
    [Symbol.asyncDispose]: () => host.close(),
  }
}

/** Asserts that a Mortise error of a code is thrown, and gives it. */
export function failure(code: ErrorCode | readonly ErrorCode[], run: () => unknown): MortiseError {
  try {
    const result = run()
    assert.fail(`returned ${String(result)} where ${String(code)} was to be thrown`)
  } catch (error) {
    return typed(code, error)
  }
}

/** The same for what a promise is rejected with. */
export async function rejection(
  code: ErrorCode | readonly ErrorCode[],
  promise: Promise<unknown>,
): Promise<MortiseError> {
  return promise.then(
    (result) => assert.fail(`resolved with ${String(result)} where ${String(code)} was to be thrown`),
    (error: unknown) => typed(code, error),
  )
}

/** Asserts that what was caught is a Mortise error of a code. */
export function typed(code: ErrorCode | readonly ErrorCode[], error: unknown): MortiseError {
  if (error instanceof assert.AssertionError || !MortiseError.is(error)) throw error
  const wanted: readonly string[] = typeof code === 'string' ? [code] : code
  assert(wanted.includes(error.code), `${wanted.join(' or ')} was wanted, and it is ${error.code}: ${error.message}`)
  assert(error instanceof MortiseError && error.name === 'MortiseError')
  return error
}
