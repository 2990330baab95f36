import type { Type } from '../types.ts'
import {
  type Case,
  casesOf,
  discriminantSize,
  flagsSize,
  isNumber,
  isTagged,
  layoutOf,
  offsetsOf,
  payloadOffset,
} from './layout.ts'
import { index } from './lift.ts'
import { literal, member, plus, type Source } from './source.ts'

/** Compiles the writing of values, which are known to fit, into memory. */
export class LowerCode {
  readonly #source: Source

  constructor(source: Source) {
    this.#source = source
  }

  /** Statements that write a value; the expressions for it and the pointer may be evaluated more than once. */
  write(type: Type, pointer: string, value: string): string {
    switch (type.kind) {
      case 'string':
        return pair(pointer, `w.string(${value})`, 'w.length')
      case 'list':
        return `{ const l = ${value}\n${pair(pointer, this.list(type, 'l'), 'l.length')}}\n`
      case 'tuple':
        return this.#writeAll(type.items, pointer, (position) => `${value}[${position}]`)
      case 'record':
      case 'variant':
      case 'option':
      case 'result':
        return `${this.#source.function('write', type, 'p, v', () => this.#writeParts(type))}(${pointer}, ${value})\n`
      case 'enum':
        return store(discriminantSize(type.cases.length), pointer, caseNumber(this.#source, type, value))
      case 'flags':
        return store(flagsSize(type.flags.length), pointer, flagBits(this.#source, type, value))
      case 'bool':
        return store(1, pointer, `${value} ? 1 : 0`)
      case 'char':
        return store(4, pointer, `${value}.codePointAt(0)`)
      default:
        return `m.${type.kind}[${index(layoutOf(type).size, pointer)}] = ${value}\n`
    }
  }

  /** An expression that writes a list, which is in a variable, and gives its pointer. */
  list({ element }: Type & { readonly kind: 'list' }, value: string): string {
    const { size, align } = layoutOf(element)
    if (isNumber(element)) return `w.numbers(${size}, ${value})`
    const write = this.#source.function('writeList', element, 'v', () =>
      [
        `const n = v.length, q = w.allocate(n * ${size}, ${align})`,
        `for (let i = 0, p = q; i < n; i++, p += ${size}) {\nconst e = v[i]\n${this.write(element, 'p', 'e')}}`,
        'return q',
      ].join('\n'),
    )
    return `${write}(${value})`
  }

  #writeParts(type: Type): string {
    if (type.kind === 'record') {
      const names = Object.keys(type.fields)
      return this.#writeAll(Object.values(type.fields), 'p', (position) => member('v', names[position] ?? ''))
    }
    if (type.kind !== 'variant' && type.kind !== 'option' && type.kind !== 'result') return ''
    const cases = casesOf(type)
    const size = discriminantSize(cases.length)
    return onCases(type, 'v', ({ type: held }, position, value) => {
      const inner = held === null ? '' : this.write(held, plus('p', payloadOffset(cases)), value)
      return `${store(size, 'p', String(position))}${inner}`
    })
  }

  #writeAll(types: readonly Type[], pointer: string, value: (position: number) => string): string {
    const offsets = offsetsOf(types)
    return types
      .map((type, position) => this.write(type, plus(pointer, offsets[position] ?? 0), value(position)))
      .join('')
  }
}

type WithCases = Type & { readonly kind: 'variant' | 'option' | 'result' }

/** Statements for the case that a value, which is in a variable, has. */
export function onCases(
  type: WithCases,
  value: string,
  each: (one: Case, position: number, held: string) => string,
): string {
  const cases = casesOf(type)
  if (type.kind === 'option' && !isTagged(type)) {
    const [none = '', some = ''] = cases.map((one, position) => each(one, position, value))
    return `if (${value} === undefined) {\n${none}} else {\n${some}}\n`
  }
  const arms = cases.map(
    (one, position) => `case ${literal(one.tag)}: {\n${each(one, position, `${value}.val`)}break\n}`,
  )
  return `switch (${value}.tag) {\n${arms.join('\n')}\n}\n`
}

/** An expression for the number of an enumeration's case. */
export function caseNumber(source: Source, type: Type & { readonly kind: 'enum' }, value: string): string {
  const numbers = source.function('caseNumber', type, 'v', () => {
    const map = source.constant(
      'numbers',
      `new Map(${JSON.stringify(type.cases.map((tag, position) => [tag, position]))})`,
    )
    return `return ${map}.get(v)`
  })
  return `${numbers}(${value})`
}

/** An expression for the bits of a set of flags. */
export function flagBits(source: Source, type: Type & { readonly kind: 'flags' }, value: string): string {
  const toBits = source.function(
    'flagBits',
    type,
    'v',
    () => `return ${type.flags.map((name, bit) => `(${member('v', name)} ? ${2 ** bit} : 0)`).join(' + ')}`,
  )
  return `${toBits}(${value})`
}

const store = (size: number, pointer: string, value: string): string =>
  `m.u${size * 8}[${index(size, pointer)}] = ${value}\n`

/** A pointer and a length. The pointer comes first: making room may give the memory new views. */
function pair(pointer: string, value: string, length: string): string {
  return `{ const at = ${value}\n${store(4, pointer, 'at')}${store(4, plus(pointer, 4), length)}}\n`
}
