import { type Case, casesOf, discriminantSize, flagsSize, layoutOf, offsetsOf, payloadOffset } from '../abi/layout.ts'
import type { Definition } from '../definition.ts'
import type { Type } from '../types.ts'
import { type Functions, indent, listed } from './functions.ts'
import { caseName, casesName, fieldName, typeName } from './names.ts'
import { after, bit1, plus, unsigned } from './read.ts'
import { arrayOf, isBoxed, spell } from './types.ts'

export type WithCases = Type & { readonly kind: 'variant' | 'option' | 'result' }

/** Writes code that puts values into memory by the canonical ABI. Texts and lists of numbers stay where they are. */
export class WriteCode {
  readonly #functions: Functions
  readonly #definition: Definition

  constructor(functions: Functions, definition: Definition) {
    this.#functions = functions
    this.#definition = definition
  }

  /** Statements that put a value, which is a variable or a field of one, some bytes behind `p`. */
  memory(type: Type, p: string, offset: number, value: string): string {
    const store = (kind: string, what: string, more = 0): string =>
      `store<${kind}>(${p}, ${what}${after(offset + more)})\n`
    switch (type.kind) {
      case 'bool':
        return store('u8', `<u8>${value}`)
      case 'string':
        return `${store('usize', `changetype<usize>(${value})`)}${store('i32', `${value}.length`, 4)}`
      case 'list':
        return `${store('usize', this.list(type, value))}${store('i32', `${value}.length`, 4)}`
      case 'enum': {
        const kind = unsigned(discriminantSize(type.cases.length))
        return store(kind, `<${kind}>${value}`)
      }
      case 'flags': {
        const kind = unsigned(flagsSize(type.flags.length))
        return store(kind, `<${kind}>${this.bits(type, value)}`)
      }
      case 'record':
      case 'tuple':
      case 'variant':
      case 'option':
      case 'result':
        return `${this.#functions.write(`write_${typeName(type)}`, `(p: usize, v: ${spell(type)}): void`, () => this.#parts(type))}(${plus(p, offset)}, ${value})\n`
      default:
        return store(spell(type), value)
    }
  }

  /** An expression for where the elements of a list lie. */
  list(type: Type & { readonly kind: 'list' }, value: string): string {
    if (arrayOf(type) !== undefined) return `${value}.dataStart`
    const { element } = type
    const { size, align } = layoutOf(element)
    const name = this.#functions.write(`write_${typeName(type)}`, `(v: ${spell(type)}): usize`, () =>
      [
        'const length = v.length',
        `const p = __room(length, ${size}, ${align})`,
        `for (let i = 0, at = p; i < length; i++, at += ${size}) {`,
        '  const e = v[i]',
        `${indent(this.memory(element, 'at', 0, 'e'))}}`,
        'return p',
        '',
      ].join('\n'),
    )
    return `${name}(${value})`
  }

  /** An expression for flags as a number. */
  bits(type: Type & { readonly kind: 'flags' }, value: string): string {
    const name = this.#functions.write(`bits_${typeName(type)}`, `(v: ${spell(type)}): u32`, () => {
      const set = type.flags.map((flag, bit) => `(v.${fieldName(flag)} ? ${bit1(bit)} : 0)`)
      return `${listed('return (', set, ')', ' |')}\n`
    })
    return `${name}(${value})`
  }

  /** Statements for each case that a value may be of. `each` gives those for a case and what it holds. */
  cases(type: WithCases, value: string, each: (one: Case, number: number, held: string) => string): string {
    const [first, second] = casesOf(type)
    if (type.kind !== 'variant') {
      if (first === undefined || second === undefined) return ''
      const [yes, test, no] =
        type.kind === 'option'
          ? [each(second, 1, isBoxed(type) ? `${value}.value` : value), `${value} !== null`, each(first, 0, '')]
          : [each(first, 0, `${value}.value`), `${value}.isOk`, each(second, 1, `${value}.error`)]
      return `if (${test}) {\n${indent(yes)}} else {\n${indent(no)}}\n`
    }
    const tags = casesName(type, this.#definition)
    const arms = casesOf(type).map((one, number) => {
      const statements = each(one, number, `${value}.${caseName(one.tag)}`)
      return `  case ${tags}.${caseName(one.tag)}: {\n${indent(indent(statements))}    break\n  }\n`
    })
    return `switch (${value}.tag) {\n${arms.join('')}}\n`
  }

  #parts(type: Type): string {
    switch (type.kind) {
      case 'record':
        return this.#all(Object.entries(type.fields).map(([name, field]) => [field, `v.${fieldName(name)}`]))
      case 'tuple':
        return this.#all(type.items.map((item, place) => [item, `v.item${place}`]))
      case 'variant':
      case 'option':
      case 'result': {
        const cases = casesOf(type)
        const kind = unsigned(discriminantSize(cases.length))
        const offset = payloadOffset(cases)
        return this.cases(type, 'v', ({ type: held }, number, value) =>
          held === null
            ? `store<${kind}>(p, ${number})\n`
            : `store<${kind}>(p, ${number})\nconst held = ${value}\n${this.memory(held, 'p', offset, 'held')}`,
        )
      }
      default:
        throw new TypeError(`a type of the kind '${type.kind}' has no parts`)
    }
  }

  #all(parts: readonly (readonly [Type, string])[]): string {
    const offsets = offsetsOf(parts.map(([type]) => type))
    return parts.map(([type, value], place) => this.memory(type, 'p', offsets[place] ?? 0, value)).join('')
  }
}
