import type { AnyFunction } from '../../contract.ts'
import { assemble, type Line } from '../../wasm/binary/assemble.ts'
import { Writer } from '../../wasm/binary/writer.ts'
import { type Crossing, crossings, type HostFunction, hostFunctions } from './wasm-abi.ts'

const codes: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c }
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const
const section = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const
const largestHandle = 0x7fff_ffff

/** What the shim imports beside the functions: how long the last packed result is. */
const lengthImport = 'length'

let compiled: WebAssembly.Module | undefined

/** The functions of the module `env` as a guest imports them, over functions of JavaScript that see no i64 but values. */
export function shim(functions: Readonly<Record<string, AnyFunction>>): WebAssembly.Exports {
  compiled ??= new WebAssembly.Module(shimBytes())
  return new WebAssembly.Instance(compiled, { host: functions }).exports
}

/** A module that imports each function in the host's types, and exports it in the guest's. */
function shimBytes(): Uint8Array<ArrayBuffer> {
  const all = Object.entries(hostFunctions)
  const imported = all.length + 1
  const out = new Writer().u8(...magic)
  out.u8(section.type).sized((body) => {
    body.u32(2 * all.length + 1)
    type(body, [], ['i32'])
    for (const side of ['host', 'guest'] as const) {
      for (const [, { params, result }] of all)
        type(
          body,
          params.flatMap((param) => crossings[param][side]),
          result === undefined ? [] : crossings[result][side],
        )
    }
  })
  out.u8(section.import).sized((body) => {
    body.u32(imported)
    for (const [index, name] of [lengthImport, ...all.map(([key]) => key)].entries())
      body.name('host').name(name).u8(0).u32(index)
  })
  out.u8(section.function).sized((body) => {
    body.u32(all.length)
    for (const index of all.keys()) body.u32(imported + index)
  })
  out.u8(section.export).sized((body) => {
    body.u32(all.length)
    for (const [index, [name]] of all.entries())
      body
        .name(name)
        .u8(0)
        .u32(imported + index)
  })
  out.u8(section.code).sized((body) => {
    body.u32(all.length)
    for (const [index, [, one]] of all.entries())
      body.sized((code) => assemble(code.u32(0), ...through(one, index + 1), 'end'))
  })
  return out.bytes()
}

function type(out: Writer, params: readonly string[], results: readonly string[]): void {
  out.u8(0x60)
  for (const list of [params, results]) out.u32(list.length).u8(...list.map((one) => codes[one] ?? 0))
}

/** The parameters, each as the host takes it, the call, and its result as the guest takes it. */
function through({ params, result }: HostFunction, target: number): readonly Line[] {
  let local = 0
  const given = params.flatMap((param) => {
    const first = local
    local += crossings[param].guest.length
    if (param === 'handle') return narrowed(first)
    return crossings[param].guest.map((_, offset): Line => ['local.get', first + offset])
  })
  return [...given, ['call', target], ...(result === undefined ? [] : widened(result))]
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
    return ['i64.extend_i32_u', ['i64.const', 32], 'i64.shl', ['call', 0], 'i64.extend_i32_u', 'i64.or']
  return result === 'handle' || result === 'bool64' ? ['i64.extend_i32_s'] : []
}
