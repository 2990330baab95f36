import type { Flat } from '../abi/layout.ts'
import { casesOf, discriminantSize, flagsSize, layoutOf, offsetsOf, payloadOffset } from '../abi/layout.ts'
import type { Type } from '../types.ts'
import { type Functions, listed } from './functions.ts'
import { caseName, className, typeName } from './names.ts'
import { arrayOf, isBoxed, spell } from './types.ts'

type WithCases = Type & { readonly kind: 'variant' | 'option' | 'result' }

/** Writes code that makes values of what lies in memory by the canonical ABI, or is passed as parameters of a core function. */
export class ReadCode {
  readonly #functions: Functions

  constructor(functions: Functions) {
    this.#functions = functions
  }

  /** An expression for what lies some bytes behind the variable `p`. */
  memory(type: Type, p: string, offset = 0): string {
    const load = (kind: string, more = 0): string => `load<${kind}>(${p}${after(offset + more)})`
    switch (type.kind) {
      case 'bool':
        return `${load('u8')} != 0`
      case 'string':
        return `__text(${load('usize')}, ${load('i32', 4)})`
      case 'list':
        return this.#list(type, load('usize'), load('i32', 4))
      case 'enum':
        return `<${className(type)}>${load(unsigned(discriminantSize(type.cases.length)))}`
      case 'flags':
        return this.#flags(type, load(unsigned(flagsSize(type.flags.length))))
      case 'record':
      case 'tuple':
      case 'variant':
      case 'option':
      case 'result':
        return `${this.#functions.write(`read_${typeName(type)}`, `(p: usize): ${spell(type)}`, () => this.#parts(type))}(${plus(p, offset)})`
      default:
        return load(spell(type))
    }
  }

  /** An expression for what is passed in some parameters. */
  flat(type: Type, flat: readonly string[]): string {
    const [first = '', second = ''] = flat
    switch (type.kind) {
      case 'bool':
        return `${first} != 0`
      case 'string':
        return `__text(<usize>${first}, ${second})`
      case 'list':
        return this.#list(type, `<usize>${first}`, second)
      case 'flags':
        return this.#flags(type, first)
      case 'record':
        return listed(`new ${className(type)}(`, this.flatAll(Object.values(type.fields), flat), ')')
      case 'tuple':
        return listed(`new ${spell(type)}(`, this.flatAll(type.items, flat), ')')
      case 'variant':
      case 'option':
      case 'result': {
        const params = layoutOf(type).flat.map((kind, place) => `f${place}: ${kind}`)
        const head = listed('(', params, `): ${spell(type)}`)
        const name = this.#functions.write(`take_${typeName(type)}`, head, () => this.#flatCases(type))
        return `${name}(${flat.join(', ')})`
      }
      default:
        return `<${spell(type)}>${first}`
    }
  }

  /** The same for several values, one after the other. */
  flatAll(types: readonly Type[], flat: readonly string[]): readonly string[] {
    let at = 0
    return types.map((type) => this.flat(type, flat.slice(at, (at += layoutOf(type).flat.length))))
  }

  /** The same for several values that lie in memory, as those of a record do. */
  memoryAll(types: readonly Type[], p: string): readonly string[] {
    const offsets = offsetsOf(types)
    return types.map((type, place) => this.memory(type, p, offsets[place]))
  }

  #list(type: Type & { readonly kind: 'list' }, pointer: string, length: string): string {
    const array = arrayOf(type)
    if (array !== undefined) return `__numbers<${array}>(${pointer}, ${length})`
    const { element } = type
    const name = this.#functions.write(`read_${typeName(type)}`, `(p: usize, length: i32): ${spell(type)}`, () =>
      [
        `const list = new ${spell(type)}(length)`,
        `for (let i = 0, at = p; i < length; i++, at += ${layoutOf(element).size}) list[i] = ${this.memory(element, 'at')}`,
        `__drop(p)`,
        'return list',
        '',
      ].join('\n'),
    )
    return `${name}(${pointer}, ${length})`
  }

  #flags(type: Type & { readonly kind: 'flags' }, bits: string): string {
    const name = this.#functions.write(`read_${typeName(type)}`, `(bits: u32): ${spell(type)}`, () => {
      const set = type.flags.map((_, bit) => `(bits & ${bit1(bit)}) != 0`)
      return `${listed(`return new ${className(type)}(`, set, ')')}\n`
    })
    return `${name}(${bits})`
  }

  #parts(type: Type): string {
    switch (type.kind) {
      case 'record':
        return `${listed(`return new ${className(type)}(`, this.memoryAll(Object.values(type.fields), 'p'), ')')}\n`
      case 'tuple':
        return `${listed(`return new ${spell(type)}(`, this.memoryAll(type.items, 'p'), ')')}\n`
      case 'variant':
      case 'option':
      case 'result': {
        const cases = casesOf(type)
        const offset = payloadOffset(cases)
        const discriminant = `load<${unsigned(discriminantSize(cases.length))}>(p)`
        return this.#cases(type, discriminant, (held) => this.memory(held, 'p', offset))
      }
      default:
        throw new TypeError(`a type of the kind '${type.kind}' has no parts`)
    }
  }

  #flatCases(type: WithCases): string {
    const joined = layoutOf(type).flat
    return this.#cases(type, 'f0', (held) =>
      this.flat(
        held,
        layoutOf(held).flat.map((own, place) => fromJoined(`f${place + 1}`, joined[place + 1] ?? own, own)),
      ),
    )
  }

  #cases(type: WithCases, discriminant: string, read: (held: Type) => string): string {
    const value = (held: Type | null): string => (held === null ? 'false' : read(held))
    if (type.kind === 'option') {
      const some = read(type.some)
      const made = isBoxed(type) ? `new Some<${spell(type.some)}>(${some})` : some
      return `if (${discriminant} == 0) return null\nreturn ${made}\n`
    }
    if (type.kind === 'result') {
      const types = `<${spell(type.ok)}, ${spell(type.err)}>`
      return `if (${discriminant} == 0) return Result.ok${types}(${value(type.ok)})\nreturn Result.error${types}(${value(type.err)})\n`
    }
    const entries = Object.entries(type.cases)
    const lines = entries.map(([tag, held], number) => {
      const made = `return ${className(type)}.${caseName(tag)}(${held === null ? '' : read(held)})`
      return number === entries.length - 1 ? `  default: ${made}\n` : `  case ${number}: ${made}\n`
    })
    return `switch (${discriminant}) {\n${lines.join('')}}\n`
  }
}

/** The value of a case, of what is passed in the place of values of all cases. */
function fromJoined(value: string, joined: Flat, own: Flat): string {
  if (joined === own) return value
  if (own === 'i32') return `<i32>${value}`
  if (own === 'f64') return `reinterpret<f64>(${value})`
  return joined === 'i32' ? `reinterpret<f32>(${value})` : `reinterpret<f32>(<i32>${value})`
}

export const unsigned = (bytes: 1 | 2 | 4): string => `u${bytes * 8}`
export const after = (offset: number): string => (offset === 0 ? '' : `, ${offset}`)
export const plus = (p: string, offset: number): string => (offset === 0 ? p : `${p} + ${offset}`)
export const bit1 = (bit: number): string => `0x${(2 ** bit).toString(16)}`
