import type { Members, Type } from '../types.ts'
import { heapOf, slot } from './heap.ts'
import {
  type Case,
  casesOf,
  discriminantSize,
  flagsSize,
  isNumber,
  layoutOf,
  offsetsOf,
  payloadOffset,
} from './layout.ts'
import { caseOf, enumOf, flagsOf, noCase, optionOf } from './lift-shapes.ts'
import { literal, plus, type Source } from './source.ts'
import { noting, seeString } from './text-code.ts'
import type { Encoding } from './text.ts'
import { isLight } from './weight.ts'

/** Compiles the reading of values from memory. Pointers are names of variables that hold aligned numbers. */
export class LiftCode {
  readonly #source: Source
  readonly #encoding: Encoding

  constructor(source: Source, encoding: Encoding) {
    this.#source = source
    this.#encoding = encoding
  }

  /** Statements that check where the strings and lists of a value lie. */
  see(type: Type, pointer: string): string {
    if (!layoutOf(type).pointers) return ''
    switch (type.kind) {
      case 'string':
        return seeString(this.#encoding, load(4, pointer), load(4, plus(pointer, 4)))
      case 'list':
        return this.seeList(type, load(4, pointer), load(4, plus(pointer, 4)))
      case 'tuple':
        if (isLight(type)) return this.#seeAll(type.items, pointer)
        break
      case 'option':
        return `if (m.u8[${pointer}] === 1) {\n${this.see(type.some, plus(pointer, payloadOffset(casesOf(type))))}}\n`
      case 'record':
        if (isLight(type)) return this.#seeAll(Object.values(type.fields), pointer)
        break
      default:
    }
    return `${this.#source.function('see', type, 'p', () => noting(this.#seeParts(type)))}(${pointer})\n`
  }

  /** The same for a list of which pointer and length are known. */
  seeList({ element }: Type & { readonly kind: 'list' }, pointer: string, length: string): string {
    const { size, align, pointers } = layoutOf(element)
    const [at, count] = [this.#source.name('q'), this.#source.name('n')]
    const range = `(${at} & ${align - 1}) !== 0 || ${at} + ${count} * ${size} > m.u8.length`
    const check = `const ${at} = ${pointer}, ${count} = ${length}
if (${range}) t.list(${at}, ${count}, ${size}, ${align})
used += ${count} * ${isNumber(element) ? size : slot + heapOf(element)}\n`
    if (!pointers) return `{ ${check}}\n`
    const [each, end] = [this.#source.name('p'), this.#source.name('e')]
    // Lists in lists could be endless work, if they overlap.
    return `{ ${check}if (used > left) t.refuse(-1, 0)
for (let ${each} = ${at}, ${end} = ${at} + ${count} * ${size}; ${each} < ${end}; ${each} += ${size}) {\n${this.see(element, each)}} }\n`
  }

  /** An expression for a value whose strings and lists were seen. */
  read(type: Type, pointer: string): string {
    switch (type.kind) {
      case 'string':
        return `string(${load(4, pointer)}, ${load(4, plus(pointer, 4))})`
      case 'list':
        return this.readList(type, load(4, pointer), load(4, plus(pointer, 4)))
      case 'tuple':
        return `[${this.#readAll(type.items, pointer).join(', ')}]`
      case 'option': {
        const some = this.read(type.some, plus(pointer, payloadOffset(casesOf(type))))
        return optionOf(type, `m.u8[${pointer}]`, some)
      }
      case 'record':
        return isLight(type)
          ? `{ ${this.#fields(type.fields, pointer)} }`
          : `${this.#source.function('read', type, 'p', () => this.#readParts(type))}(${pointer})`
      case 'variant':
      case 'result':
        return `${this.#source.function('read', type, 'p', () => this.#readParts(type))}(${pointer})`
      case 'enum':
        return enumOf(this.#source, type, load(discriminantSize(type.cases.length), pointer))
      case 'flags':
        return flagsOf(this.#source, type, load(flagsSize(type.flags.length), pointer))
      case 'bool':
        return `(m.u8[${pointer}] !== 0)`
      case 'char':
        return `t.char(${load(4, pointer)})`
      default:
        return `m.${type.kind}[${index(layoutOf(type).size, pointer)}]`
    }
  }

  /** The same for a list of which pointer and length are known. */
  readList({ element }: Type & { readonly kind: 'list' }, pointer: string, length: string): string {
    if (element.kind === 'u8') return `t.u8(${pointer}, ${length})`
    const { size, pointers } = layoutOf(element)
    if (isNumber(element)) return `t.copy(${literal(element.kind)}, ${size}, ${pointer}, ${length})`
    const each = `list[i] = ${this.read(element, 'p')}`
    // Strings that lie too far apart for one range may lie close together in each element.
    const parts = pointers && element.kind !== 'string'
    const part = `if (apart) {\nbegin()\n${noting(this.see(element, 'p'))}end()\n}\n`
    const read = this.#source.function('readList', element, 'q, n', () =>
      [
        'const list = new Array(n)',
        parts ? 'const apart = wide' : '',
        `for (let i = 0, p = q; i < n; i++, p += ${size}) {\n${parts ? part : ''}${each}\n}`,
        parts ? 'if (apart) { wide = true; range = undefined }' : '',
        'return list',
      ].join('\n'),
    )
    return `${read}(${pointer}, ${length})`
  }

  #seeParts(type: Type): string {
    if (type.kind === 'record') return this.#seeAll(Object.values(type.fields), 'p')
    if (type.kind === 'tuple') return this.#seeAll(type.items, 'p')
    if (type.kind !== 'variant' && type.kind !== 'result') return ''
    const cases = casesOf(type)
    return onCases(cases, 'p', ({ type: held }) =>
      held === null ? 'break' : `${this.see(held, plus('p', payloadOffset(cases)))}break`,
    )
  }

  #seeAll(types: readonly Type[], pointer: string): string {
    const offsets = offsetsOf(types)
    return types.map((type, position) => this.see(type, plus(pointer, offsets[position] ?? 0))).join('')
  }

  #readParts(type: Type): string {
    if (type.kind === 'record') return `return { ${this.#fields(type.fields, 'p')} }`
    if (type.kind !== 'variant' && type.kind !== 'result') return ''
    const cases = casesOf(type)
    const tagged = onCases(
      cases,
      'p',
      ({ tag, type: held }) => `return ${caseOf(tag, held && this.read(held, plus('p', payloadOffset(cases))))}`,
    )
    return `${tagged}\n${noCase(type, load(discriminantSize(cases.length), 'p'), cases.length)}`
  }

  #fields(fields: Members, pointer: string): string {
    const values = this.#readAll(Object.values(fields), pointer)
    return Object.keys(fields)
      .map((name, position) => `${literal(name)}: ${values[position]}`)
      .join(', ')
  }

  #readAll(types: readonly Type[], pointer: string): readonly string[] {
    const offsets = offsetsOf(types)
    return types.map((type, position) => this.read(type, plus(pointer, offsets[position] ?? 0)))
  }
}

/** An unsigned number of some bytes. */
function load(size: number, pointer: string): string {
  return `m.u${size * 8}[${index(size, pointer)}]`
}

/** The index of what lies at a pointer in an array of elements of some bytes. */
export function index(size: number, pointer: string): string {
  return size === 1 ? pointer : `${pointer} >>> ${Math.log2(size)}`
}

/** A switch over the case that lies at a pointer. */
function onCases(cases: readonly Case[], pointer: string, each: (one: Case) => string): string {
  const arms = cases.map((one, position) => `case ${position}: ${each(one)}`).join('\n')
  return `switch (${load(discriminantSize(cases.length), pointer)}) {\n${arms}\n}`
}
