import type { AnyFunction } from '../../contract.ts'
import { assemble, type Line } from '../../wasm/binary/assemble.ts'
import { Writer } from '../../wasm/binary/writer.ts'
import { shimName } from '../../wasm/stack.ts'
import { type Crossing, crossings, type HostFunction, hostFunctions, readFunction } from './wasm-abi.ts'
import { notYet } from './wasm-waits.ts'

const codes: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c }
const funcref = 0x70
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const
const section = { custom: 0, type: 1, import: 2, function: 3, table: 4, export: 7, code: 10 } as const
const external = { function: 0, table: 1, memory: 2 } as const
const largestHandle = 0x7fff_ffff

/** What the shim imports beside the functions of the ABI. */
export interface ShimFunctions {
  /** The handle of the next row's key; −1 after the last, `notYet` if it is not there yet. */
  readonly nextRow: () => number
  /** The handle of that row's value. */
  readonly rowValue: () => number
  /** The guest wants no more rows; 0 or `notYet`. */
  readonly stopRows: () => number
  /** Suspends the guest, after a function that returned `notYet`; called again for what that should have returned. */
  readonly wait: () => Promise<void> | undefined
  readonly resume: () => number
}

/** Their types, in the order of their indexes, before the functions of the ABI. */
const own: readonly (readonly [name: keyof ShimFunctions, results: readonly string[]])[] = [
  ['nextRow', ['i32']],
  ['rowValue', ['i32']],
  ['stopRows', ['i32']],
  ['wait', []],
  ['resume', ['i32']],
]
const indexOf = (name: keyof ShimFunctions): number => own.findIndex(([one]) => one === name)

/** The types of the guest's functions for rows, which are in the shim's table: the plain one, and the one that may stop. */
const rowTypes: readonly (readonly string[])[] = [[], ['i32']]

let compiled: WebAssembly.Module | undefined

/** What the shims of this thread read beside what functions return: a word costs a sixth of what another function would. */
const words = new WebAssembly.Memory({ initial: 1, maximum: 1 })

/** The first of them is how long the last packed result is. */
export const packedLength: Int32Array = new Int32Array(words.buffer, 0, 1)

/** A shim: `functions` are what a guest imports; `rows` takes its function for rows, at 0, or the one that may stop, at 1. */
export interface Shim {
  readonly functions: WebAssembly.Exports
  readonly rows: WebAssembly.Table
}

/** The functions of the module `env` as a guest imports them, over functions of JavaScript that see no i64 but values. */
export function shim(functions: Readonly<Record<string, AnyFunction | object>>): Shim {
  compiled ??= new WebAssembly.Module(shimBytes())
  const { rows, ...exported } = new WebAssembly.Instance(compiled, { host: { ...functions, words } }).exports
  if (rows instanceof WebAssembly.Table) return { functions: exported, rows }
  throw new TypeError('The shim has no table')
}

/** A module that imports each function in the host's types, and exports it in the guest's. */
function shimBytes(): Uint8Array<ArrayBuffer> {
  const all = Object.entries(hostFunctions)
  const imported = own.length + all.length
  const firstRowType = imported + all.length
  const out = new Writer().u8(...magic)
  out.u8(section.type).sized((body) => {
    body.u32(firstRowType + rowTypes.length)
    for (const [, results] of own) type(body, [], results)
    for (const side of ['host', 'guest'] as const) {
      for (const [, { params, result }] of all)
        type(
          body,
          params.flatMap((param) => crossings[param][side]),
          result === undefined ? [] : crossings[result][side],
        )
    }
    for (const results of rowTypes) type(body, ['i64', 'i64'], results)
  })
  out.u8(section.import).sized((body) => {
    body.u32(imported + 1)
    body.name('host').name('words').u8(external.memory).u8(1).u32(1).u32(1)
    for (const [index, [name]] of [...own, ...all].entries())
      body.name('host').name(name).u8(external.function).u32(index)
  })
  out.u8(section.function).sized((body) => {
    body.u32(all.length)
    for (const index of all.keys()) body.u32(imported + index)
  })
  out.u8(section.table).sized((body) => body.u32(1).u8(funcref).u8(0).u32(rowTypes.length))
  out.u8(section.export).sized((body) => {
    body.u32(all.length + 1)
    body.name('rows').u8(external.table).u32(0)
    for (const [index, [name]] of all.entries())
      body
        .name(name)
        .u8(external.function)
        .u32(imported + index)
  })
  out.u8(section.code).sized((body) => {
    body.u32(all.length)
    for (const [index, [name, one]] of all.entries()) {
      const target = own.length + index
      const lines = name === readFunction ? reading(target, firstRowType) : through(one, target)
      // Each has a local of i32 after its parameters.
      body.sized((code) =>
        assemble(
          code
            .u32(1)
            .u32(1)
            .u8(codes['i32'] ?? 0),
          ...lines,
          'end',
        ),
      )
    }
  })
  // Of the names only the module's, which is the first kind.
  out.u8(section.custom).sized((body) =>
    body
      .name('name')
      .u8(0)
      .sized((names) => names.name(shimName)),
  )
  return out.bytes()
}

function type(out: Writer, params: readonly string[], results: readonly string[]): void {
  out.u8(0x60)
  for (const list of [params, results]) out.u32(list.length).u8(...list.map((one) => codes[one] ?? 0))
}

/** The parameters, each as the host takes it, the call, and its result as the guest takes it. */
function through({ params, result, waits }: HostFunction, target: number): readonly Line[] {
  let local = 0
  const given = params.flatMap((param) => {
    const first = local
    local += crossings[param].guest.length
    if (param === 'handle') return narrowed(first)
    return crossings[param].guest.map((_, offset): Line => ['local.get', first + offset])
  })
  const settled = waits === true ? settle(local) : []
  return [...given, ['call', target], ...settled, ...(result === undefined ? [] : widened(result))]
}

/**
 * Waits for a result that is not there yet. Where the guest cannot be suspended, because a function of JavaScript is between it and
 * its caller, V8 throws: `resume` then says so.
 */
const settle = (local: number): readonly Line[] => [
  ['local.tee', local],
  ['i32.const', notYet],
  'i32.eq',
  ['if'],
  'try',
  ['call', indexOf('wait')],
  'catch_all',
  'end',
  ['call', indexOf('resume')],
  ['local.set', local],
  'end',
  ['local.get', local],
]

/** Begins a read, and calls the guest for each row, until it wants no more if it can say so. */
function reading(target: number, firstRowType: number): readonly Line[] {
  const key = 1
  const row: readonly Line[] = [
    ['local.get', key],
    'i64.extend_i32_u',
    ['call', indexOf('rowValue')],
    'i64.extend_i32_u',
  ]
  const call = (index: number): readonly Line[] => [
    ...row,
    ['i32.const', index],
    ['call_indirect', firstRowType + index, 0],
  ]
  const next: readonly Line[] = [['call', indexOf('nextRow')], ...settle(key), ['i32.const', 0], 'i32.lt_s']
  const stopped: readonly Line[] = [['call', indexOf('stopRows')], ...settle(key), 'drop']
  return [
    ...narrowed(0),
    ['call', target],
    ['block'],
    ['loop'],
    ...next,
    ['br_if', 1],
    ...([['i32.const', 1], ['table.get', 0], 'ref.is_null'] as const),
    ['if'],
    ...call(0),
    ['br', 1],
    'end',
    ...call(1),
    'i32.eqz',
    ['br_if', 0],
    ...stopped,
    'end',
    'end',
  ]
}

/** −1 for what no handle can be. */
const narrowed = (local: number): readonly Line[] => [
  ['i32.const', -1],
  ['local.get', local],
  'i32.wrap_i64',
  ['i64.const', largestHandle],
  ['local.get', local],
  'i64.lt_u',
  'select',
]

function widened(result: Crossing): readonly Line[] {
  if (result === 'packed')
    return [
      'i64.extend_i32_u',
      ['i64.const', 32],
      'i64.shl',
      ['i32.const', 0],
      ['i32.load', 0, 0],
      'i64.extend_i32_u',
      'i64.or',
    ]
  return result === 'handle' || result === 'bool64' ? ['i64.extend_i32_s'] : []
}
