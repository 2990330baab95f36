import type { Type } from '../types.ts'
import { fromJoined } from './flat.ts'
import { type Case, casesOf, layoutOf } from './layout.ts'
import { caseOf, enumOf, flagsOf, noCase, optionOf } from './lift-shapes.ts'
import type { LiftCode } from './lift.ts'
import { literal, type Source } from './source.ts'
import { noting, seeString } from './text-code.ts'
import type { Encoding } from './text.ts'

/** Compiles the reading of values that are passed as parameters or results of core functions, given as expressions. */
export class FlatLiftCode {
  readonly #source: Source
  readonly #memory: LiftCode
  readonly #encoding: Encoding

  constructor(source: Source, memory: LiftCode, encoding: Encoding) {
    this.#source = source
    this.#memory = memory
    this.#encoding = encoding
  }

  /** Statements that check where the strings and lists of a value lie. */
  see(type: Type, flat: readonly string[]): string {
    if (!layoutOf(type).pointers) return ''
    const [first = '', second = ''] = flat
    switch (type.kind) {
      case 'string':
        return seeString(this.#encoding, `${first} >>> 0`, `${second} >>> 0`)
      case 'list':
        return this.#memory.seeList(type, `${first} >>> 0`, `${second} >>> 0`)
      case 'tuple':
        return split(type.items, flat, (item, own) => this.see(item, own)).join('')
      default:
        return `${this.#source.function('seeFlat', type, names(type).join(', '), () => noting(this.#seeParts(type)))}(${flat.join(', ')})\n`
    }
  }

  /** An expression for a value whose strings and lists were seen. */
  read(type: Type, flat: readonly string[]): string {
    const [first = '', second = ''] = flat
    switch (type.kind) {
      case 'bool':
        return `(${first} !== 0)`
      case 'u8':
        return `(${first} & 0xff)`
      case 's8':
        return `(${first} << 24 >> 24)`
      case 'u16':
        return `(${first} & 0xffff)`
      case 's16':
        return `(${first} << 16 >> 16)`
      case 'u32':
        return `(${first} >>> 0)`
      case 's32':
        return `(${first} | 0)`
      case 'u64':
        return `BigInt.asUintN(64, ${first})`
      case 's64':
        return `BigInt.asIntN(64, ${first})`
      case 'f32':
      case 'f64':
        return first
      case 'char':
        return `t.char(${first} >>> 0)`
      case 'string':
        return `string(${first} >>> 0, ${second} >>> 0)`
      case 'list':
        return this.#memory.readList(type, `${first} >>> 0`, `${second} >>> 0`)
      case 'tuple':
        return `[${split(type.items, flat, (item, own) => this.read(item, own)).join(', ')}]`
      case 'enum':
        return enumOf(this.#source, type, `${first} >>> 0`)
      case 'flags':
        return flagsOf(this.#source, type, first)
      default:
        return `${this.#source.function('readFlat', type, names(type).join(', '), () => this.#readParts(type))}(${flat.join(', ')})`
    }
  }

  #seeParts(type: Type): string {
    const flat = names(type)
    if (type.kind === 'record') {
      return split(Object.values(type.fields), flat, (field, own) => this.see(field, own)).join('')
    }
    return onCases(type, ({ type: held }, own) => (held === null ? 'break' : `${this.see(held, own)}break`))
  }

  #readParts(type: Type): string {
    const flat = names(type)
    if (type.kind === 'record') {
      const values = split(Object.values(type.fields), flat, (field, own) => this.read(field, own))
      const fields = Object.keys(type.fields).map((name, index) => `${literal(name)}: ${values[index]}`)
      return `return { ${fields.join(', ')} }`
    }
    if (type.kind === 'option') {
      return `return ${optionOf(type, 'f0', this.read(type.some, ownOf(type.some, type, flat)))}`
    }
    const tagged = onCases(type, ({ tag, type: held }, own) => `return ${caseOf(tag, held && this.read(held, own))}`)
    return hasCases(type) ? `${tagged}\n${noCase(type, 'f0 >>> 0', casesOf(type).length)}` : ''
  }
}

/** Names for the flat values of a type. */
const names = (type: Type): readonly string[] => layoutOf(type).flat.map((_, index) => `f${index}`)

type WithCases = Type & { readonly kind: 'variant' | 'option' | 'result' }
const hasCases = (type: Type): type is WithCases => ['variant', 'option', 'result'].includes(type.kind)

function onCases(type: Type, each: (one: Case, own: readonly string[]) => string): string {
  if (!hasCases(type)) return ''
  const flat = names(type)
  const arms = casesOf(type).map((one, index) => {
    const own = one.type === null ? [] : ownOf(one.type, type, flat)
    return `case ${index}: ${each(one, own)}`
  })
  return `switch (f0) {\n${arms.join('\n')}\n}`
}

/** What a case holds, from what all cases are passed in. */
function ownOf(held: Type, type: Type, flat: readonly string[]): readonly string[] {
  const joined = layoutOf(type).flat
  return layoutOf(held).flat.map((own, index) => fromJoined(flat[index + 1] ?? '', joined[index + 1] ?? own, own))
}

/** Does something for each of several values, with what is passed for it. */
export function split<R>(
  types: readonly Type[],
  flat: readonly string[],
  each: (type: Type, own: readonly string[]) => R,
): readonly R[] {
  let at = 0
  return types.map((type) => {
    const start = at
    at += layoutOf(type).flat.length
    return each(type, flat.slice(start, at))
  })
}
