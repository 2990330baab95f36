import { type Flat, layoutOf } from '../abi/layout.ts'
import type { Type } from '../types.ts'
import { fieldName } from './names.ts'
import type { WithCases, WriteCode } from './write.ts'

/** Values as core functions take them: statements, and an expression for each. */
export interface Passed {
  readonly before: string
  readonly flat: readonly string[]
}

/** Writes code that passes values to core functions or returns them from these. */
export class PassCode {
  readonly #write: WriteCode
  #names = 0

  constructor(write: WriteCode) {
    this.#write = write
  }

  /** A value, which is a variable or a field of one. */
  pass(type: Type, value: string): Passed {
    switch (type.kind) {
      case 'string':
        return plain(`<i32>changetype<usize>(${value})`, `${value}.length`)
      case 'list':
        return plain(`<i32>${this.#write.list(type, value)}`, `${value}.length`)
      case 'flags':
        return plain(`<i32>${this.#write.bits(type, value)}`)
      case 'record':
        return this.passAll(Object.entries(type.fields).map(([name, field]) => [field, `${value}.${fieldName(name)}`]))
      case 'tuple':
        return this.passAll(type.items.map((item, place) => [item, `${value}.item${place}`]))
      case 'variant':
      case 'option':
      case 'result':
        return this.#cases(type, value)
      default:
        return plain(`<${layoutOf(type).flat[0] ?? 'i32'}>${value}`)
    }
  }

  /** Several, one after the other. */
  passAll(values: readonly (readonly [Type, string])[]): Passed {
    const parts = values.map(([type, value]) => this.pass(type, value))
    return { before: parts.map(({ before }) => before).join(''), flat: parts.flatMap(({ flat }) => flat) }
  }

  #cases(type: WithCases, value: string): Passed {
    const joined = layoutOf(type).flat
    const object = this.#name('v')
    const places = joined.map((flat) => ({ name: this.#name('f'), flat }))
    const set = this.#write.cases(type, object, ({ type: held }, number, inner) => {
      const inside = this.#name('v')
      const { before, flat } = held === null ? plain() : this.pass(held, inside)
      const own = held === null ? [] : layoutOf(held).flat
      const values = own.map((kind, place) => toJoined(flat[place] ?? '', kind, joined[place + 1] ?? kind))
      const lines = [String(number), ...values].map((one, place) => `${places[place]?.name ?? ''} = ${one}\n`)
      return `${held === null ? '' : `const ${inside} = ${inner}\n`}${before}${lines.join('')}`
    })
    const zeros = places.map(({ name, flat }) => `let ${name}: ${flat} = 0\n`)
    return { before: `const ${object} = ${value}\n${zeros.join('')}${set}`, flat: places.map(({ name }) => name) }
  }

  #name(prefix: string): string {
    return `_${prefix}${this.#names++}`
  }
}

const plain = (...flat: string[]): Passed => ({ before: '', flat })

/** The value of a case in the place of values of all cases. */
function toJoined(value: string, own: Flat, joined: Flat): string {
  if (joined === own) return value
  // The bits above do not count. They are the sign, as in other languages' bindings: jco does look at them.
  if (own === 'i32') return `<i64>${value}`
  if (own === 'f64') return `reinterpret<i64>(${value})`
  return joined === 'i32' ? `reinterpret<i32>(${value})` : `<i64>reinterpret<u32>(${value})`
}
