import type { FunctionType } from '../../../src/wasm/binary/types.ts'
import { wat } from '../../support/wat.ts'
import type { Value } from './script.ts'

/** How a result comes out as bits: JavaScript sees neither vectors nor which NaN it is. */
const outs: Readonly<Record<string, readonly [types: string, code: string]>> = {
  i32: ['i32', ''],
  i64: ['i64', ''],
  f32: ['i32', '(i32.reinterpret_f32)'],
  f64: ['i64', '(i64.reinterpret_f64)'],
}

const wrappers = new Map<string, WebAssembly.Module>()

/** A module that calls the imported `m.f` with constants and returns bits; undefined for types that it has no words for. */
export function wrapperFor(type: FunctionType, args: readonly Value[]): WebAssembly.Module | undefined {
  const numbers = [...type.params, ...type.results].every((name) => name in outs || name === 'v128')
  if (!numbers || args.length !== type.params.length) return undefined
  const key = JSON.stringify([type, args])
  const known = wrappers.get(key)
  if (known !== undefined) return known
  const locals = type.results.map((name, index) => `(local $${index} ${name})`).join(' ')
  const sets = type.results.map((_, index) => `(local.set $${index})`).toReversed()
  const gets = type.results.map((name, index) => {
    const get = `(local.get $${index})`
    if (name === 'v128') return `(i64x2.extract_lane 0 ${get}) (i64x2.extract_lane 1 ${get})`
    return `${get} ${outs[name]?.[1].replace(/[()]/g, '') ?? ''}`
  })
  const results = type.results.map((name) => (name === 'v128' ? 'i64 i64' : (outs[name]?.[0] ?? '')))
  const module = new WebAssembly.Module(
    wat(`(module (import "m" "f" (func $f (param ${type.params.join(' ')}) (result ${type.results.join(' ')})))
      (func (export "run") (result ${results.join(' ')}) ${locals}
        (call $f ${args.map(constant).join(' ')}) ${sets.map((set) => set.replace(/[()]/g, '')).join(' ')} ${gets.join(' ')}))`),
  )
  wrappers.set(key, module)
  return module
}

function constant({ type, lane_type: lane = '', value = '' }: Value): string {
  if (typeof value !== 'string') {
    // A lane of a float is given by its bits.
    const kind = lane.replace('f', 'i')
    return `(v128.const ${kind}x${value.length} ${value.map((each) => literal(kind, each)).join(' ')})`
  }
  if (type === 'f32') return `(f32.reinterpret_i32 (i32.const ${literal('i32', value)}))`
  if (type === 'f64') return `(f64.reinterpret_i64 (i64.const ${literal('i64', value)}))`
  return `(${type}.const ${literal(type, value)})`
}

function literal(type: string, value: string): string {
  if (value === 'nan:canonical') return type === 'i32' ? '0x7fc00000' : '0x7ff8000000000000'
  return String(BigInt.asUintN(Number(type.slice(1)), BigInt(value)))
}

/** The bits that a wrapper returned, one text for each result of the function that it called. */
export function bitsOf(type: FunctionType, returned: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(returned) ? returned : [returned]
  const raw = [...values]
  return type.results.map((name) => {
    const next = (width: number): bigint => {
      const value = raw.shift()
      return BigInt.asUintN(width, typeof value === 'bigint' ? value : BigInt(Number(value)))
    }
    if (name !== 'v128') return String(next(name.endsWith('32') ? 32 : 64))
    const low = next(64)
    return String(low | (next(64) << 64n))
  })
}
