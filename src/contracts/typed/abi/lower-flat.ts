import type { Type } from '../types.ts'
import { toJoined, zeroOf } from './flat.ts'
import { layoutOf } from './layout.ts'
import { caseNumber, flagBits, type LowerCode, onCases } from './lower.ts'
import { member, type Source } from './source.ts'

/** Values as parameters or results of core functions: statements, and an expression for each. */
export interface FlatValues {
  readonly before: string
  readonly flat: readonly string[]
}

/** Compiles the passing of values, which are known to fit, as parameters or results of core functions. */
export class FlatLowerCode {
  readonly #source: Source
  readonly #memory: LowerCode

  constructor(source: Source, memory: LowerCode) {
    this.#source = source
    this.#memory = memory
  }

  lower(type: Type, value: string): FlatValues {
    switch (type.kind) {
      case 'bool':
        return { before: '', flat: [`(${value} ? 1 : 0)`] }
      case 'char':
        return { before: '', flat: [`${value}.codePointAt(0)`] }
      case 'enum':
        return { before: '', flat: [caseNumber(this.#source, type, value)] }
      case 'flags':
        return { before: '', flat: [flagBits(this.#source, type, value)] }
      case 'string': {
        const [pointer, length] = [this.#source.name('p'), this.#source.name('n')]
        return {
          before: `const ${pointer} = w.string(${value}), ${length} = w.length\n`,
          flat: [pointer, length],
        }
      }
      case 'list': {
        const [list, pointer] = [this.#source.name('l'), this.#source.name('p')]
        return {
          before: `const ${list} = ${value}, ${pointer} = ${this.#memory.list(type, list)}\n`,
          flat: [pointer, `${list}.length`],
        }
      }
      case 'tuple':
        return this.lowerAll(type.items, (position) => `${value}[${position}]`)
      case 'record': {
        const names = Object.keys(type.fields)
        const object = this.#source.name('v')
        const parts = this.lowerAll(Object.values(type.fields), (position) => member(object, names[position] ?? ''))
        return { before: `const ${object} = ${value}\n${parts.before}`, flat: parts.flat }
      }
      case 'variant':
      case 'option':
      case 'result':
        return this.#lowerCases(type, value)
      default:
        return { before: '', flat: [value] }
    }
  }

  /** Several values, one after the other. */
  lowerAll(types: readonly Type[], value: (position: number) => string): FlatValues {
    const parts = types.map((type, position) => this.lower(type, value(position)))
    return { before: parts.map(({ before }) => before).join(''), flat: parts.flatMap(({ flat }) => flat) }
  }

  #lowerCases(type: Type & { readonly kind: 'variant' | 'option' | 'result' }, value: string): FlatValues {
    const joined = layoutOf(type).flat
    const object = this.#source.name('v')
    const places = joined.map((flat) => ({ name: this.#source.name('f'), flat }))
    const set = onCases(type, object, ({ type: held }, position, inner) => {
      const { before, flat } = held === null ? { before: '', flat: [] } : this.lower(held, inner)
      const own = held === null ? [] : layoutOf(held).flat
      const values = own.map((kind, index) => toJoined(flat[index] ?? '', kind, joined[index + 1] ?? kind))
      return `${before}${[String(position), ...values].map((one, index) => `${places[index]?.name ?? ''} = ${one}`).join('\n')}\n`
    })
    const zeros = places.map(({ name, flat }) => `${name} = ${zeroOf(flat)}`).join(', ')
    return { before: `const ${object} = ${value}\nlet ${zeros}\n${set}`, flat: places.map(({ name }) => name) }
  }
}
