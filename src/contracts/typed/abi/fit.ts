import type { NumberKind, Type } from '../types.ts'
import { casesOf, isNumber, isTagged } from './layout.ts'
import { literal, member, type Source } from './source.ts'

/** The typed array that holds a list of numbers. */
export const arrays: { readonly [K in NumberKind]: { new (length: number): object; readonly name: string } } = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
}

/** Compiles the question whether a value of the host is one of a type; `misfit` answers what is wrong with one that is not. */
export class FitCode {
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  /** An expression that is true for a value of the type. The expression for it may be evaluated more than once. */
  fits(type: Type, value: string): string {
    switch (type.kind) {
      case 'bool':
        return `typeof ${value} === "boolean"`
      case 'u8':
        return `(typeof ${value} === "number" && (${value} & 0xff) === ${value})`
      case 's8':
        return `(typeof ${value} === "number" && (${value} << 24 >> 24) === ${value})`
      case 'u16':
        return `(typeof ${value} === "number" && (${value} & 0xffff) === ${value})`
      case 's16':
        return `(typeof ${value} === "number" && (${value} << 16 >> 16) === ${value})`
      case 'u32':
        return `(typeof ${value} === "number" && (${value} >>> 0) === ${value})`
      case 's32':
        return `(typeof ${value} === "number" && (${value} | 0) === ${value})`
      case 'u64':
        return `(typeof ${value} === "bigint" && BigInt.asUintN(64, ${value}) === ${value})`
      case 's64':
        return `(typeof ${value} === "bigint" && BigInt.asIntN(64, ${value}) === ${value})`
      case 'f32':
      case 'f64':
        return `typeof ${value} === "number"`
      case 'char':
        return `isChar(${value})`
      case 'string':
        return `(typeof ${value} === "string" && ${value}.isWellFormed())`
      case 'list':
        if (isNumber(type.element)) return `${value} instanceof ${arrays[type.element.kind].name}`
        break
      default:
    }
    return `${this.#source.function('fits', type, 'v', () => this.#parts(type))}(${value})`
  }

  #parts(type: Type): string {
    switch (type.kind) {
      case 'list':
        return `if (!Array.isArray(v)) return false\nfor (let i = 0; i < v.length; i++) { const e = v[i]\nif (!(${this.fits(type.element, 'e')})) return false }\nreturn true`
      case 'tuple': {
        const items = type.items.map((item, index) => this.fits(item, `v[${index}]`))
        return `return ${['Array.isArray(v)', `v.length === ${type.items.length}`, ...items].join(' && ')}`
      }
      case 'record':
        return all(Object.entries(type.fields).map(([name, field]) => this.fits(field, member('v', name))))
      case 'flags':
        return all(type.flags.map((name) => `typeof ${member('v', name)} === "boolean"`))
      case 'enum':
        return `return typeof v === "string" && ${this.#source.constant('cases', `new Set(${JSON.stringify(type.cases)})`)}.has(v)`
      case 'variant':
      case 'result':
        return this.#cases(type)
      case 'option':
        return isTagged(type) ? this.#cases(type) : `return v === undefined || ${this.fits(type.some, 'v')}`
      default:
        return 'return false'
    }
  }

  #cases(type: Type & { readonly kind: 'variant' | 'result' | 'option' }): string {
    const arms = casesOf(type).map(
      ({ tag, type: held }) => `case ${literal(tag)}: return ${held === null ? 'true' : this.fits(held, 'v.val')}`,
    )
    return `if (!isObject(v)) return false\nswitch (v.tag) {\n${arms.join('\n')}\n}\nreturn false`
  }
}

const all = (tests: readonly string[]): string => `return ${['isObject(v)', ...tests].join(' && ')}`

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether a value is a string of one Unicode scalar value. */
export function isChar(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 2) return false
  const code = value.codePointAt(0) ?? 0
  return value.length === (code > 0xffff ? 2 : 1) && (code < 0xd800 || code > 0xdfff)
}
