import type { Definition, FunctionType } from '../definition.ts'
import { kebabCase } from '../names.ts'
import type { Type } from '../types.ts'
import { witPackage } from './wit.ts'

/** How a guest's strings are encoded, by the number that `wit-component` gives to it. */
const encodings = { utf8: 0, utf16: 1 } as const

/** The version of the way in which `wit-component` says so. */
const version = 4

/**
 * The content of the custom section `component-type`: the world of a contract, as tools that make components of core modules
 * expect it. It is a component that exports the world as a type; Binary.md of the component model says how that is written.
 */
export function componentType(definition: Definition, encoding: keyof typeof encodings): Uint8Array {
  const name = kebabCase(definition.name)
  const world = [
    0x41,
    ...vector([typeOf(new World(definition).declarations), exported(`${witPackage(name)}/${name}`, [0x04, 0])]),
  ]
  const preamble = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00]
  const custom = [...text('wit-component-encoding'), version, encodings[encoding]]
  const component = [
    preamble,
    section(0, custom),
    section(7, vector([world])),
    section(11, vector([[0x00, ...text(name), 0x03, 0, 0x00]])),
  ]
  return Uint8Array.from(component.flat())
}

type Bytes = readonly number[]

/** A world: its types, each defined and then named by an import, and its functions. */
class World {
  readonly declarations: Bytes[] = []
  readonly #named = new Map<string, number>()
  readonly #known = new Map<string, number>()
  #types = 0

  constructor({ types, hostFunctions, hooks, values }: Definition) {
    for (const type of types) {
      const index = this.#define(this.#definitionOf(type))
      this.declarations.push(imported(kebabCase(type.name), [0x03, 0x00, ...unsigned(index)]))
      this.#named.set(kebabCase(type.name), this.#types++)
    }
    for (const [name, type] of Object.entries(hostFunctions))
      this.declarations.push(imported(kebabCase(name), this.#function(type)))
    for (const [name, type] of Object.entries(hooks))
      this.declarations.push(exported(kebabCase(name), this.#function(type)))
    for (const [name, result] of Object.entries(values))
      this.declarations.push(exported(kebabCase(name), this.#function({ params: {}, result })))
  }

  #function({ params, result }: FunctionType): Bytes {
    const given = Object.entries(params).map(([name, type]) => joined(label(name), this.#use(type)))
    const back = result === null ? [0x01, 0x00] : [0x00, ...this.#use(result)]
    return [0x01, ...unsigned(this.#define([0x40, ...vector(given), ...back]))]
  }

  /** A type is defined before what holds it; the same twice is defined once. */
  #define(definition: Bytes): number {
    const key = definition.join(' ')
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.declarations.push([0x01, ...definition])
    this.#known.set(key, this.#types)
    return this.#types++
  }

  #use(type: Type): Bytes {
    const primitive = primitives.indexOf(type.kind)
    if (primitive !== -1) return [0x7f - primitive]
    const index = 'name' in type ? this.#named.get(kebabCase(type.name)) : this.#define(this.#definitionOf(type))
    if (index === undefined) throw new TypeError(`the definition does not list the type of kind '${type.kind}'`)
    return signed(index)
  }

  #definitionOf(type: Type): Bytes {
    switch (type.kind) {
      case 'record':
        return [0x72, ...vector(Object.entries(type.fields).map(([name, one]) => joined(label(name), this.#use(one))))]
      case 'variant':
        return [
          0x71,
          ...vector(Object.entries(type.cases).map(([tag, held]) => joined(label(tag), this.#optional(held), [0x00]))),
        ]
      case 'list':
        return [0x70, ...this.#use(type.element)]
      case 'tuple':
        return [0x6f, ...vector(type.items.map((item) => this.#use(item)))]
      case 'flags':
        return [0x6e, ...vector(type.flags.map(label))]
      case 'enum':
        return [0x6d, ...vector(type.cases.map(label))]
      case 'option':
        return [0x6b, ...this.#use(type.some)]
      case 'result':
        return [0x6a, ...this.#optional(type.ok), ...this.#optional(type.err)]
      default:
        return this.#use(type)
    }
  }

  #optional(type: Type | null): Bytes {
    return type === null ? [0x00] : [0x01, ...this.#use(type)]
  }
}

/** The types without parts, by their bytes down from 0x7f. */
const primitives: readonly string[] = 'bool s8 u8 s16 u16 s32 u32 s64 u64 f32 f64 char string'.split(' ')

const joined = (...parts: readonly Bytes[]): Bytes => parts.flat()
const typeOf = (declarations: readonly Bytes[]): Bytes => [0x01, 0x41, ...vector(declarations)]
const imported = (name: string, description: Bytes): Bytes => [0x03, 0x00, ...text(name), ...description]
const exported = (name: string, description: Bytes): Bytes => [0x04, 0x00, ...text(name), ...description]
const label = (name: string): Bytes => text(kebabCase(name))
const section = (id: number, content: Bytes): Bytes => [id, ...unsigned(content.length), ...content]
const vector = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()]

function text(value: string): Bytes {
  const bytes = Buffer.from(value)
  return [...unsigned(bytes.length), ...bytes]
}

/** LEB128. */
function unsigned(value: number): Bytes {
  return value < 128 ? [value] : [(value % 128) | 128, ...unsigned(Math.floor(value / 128))]
}

/** LEB128 with a sign, of a number that has none. */
function signed(value: number): Bytes {
  return value < 64 ? [value] : [(value % 128) | 128, ...signed(Math.floor(value / 128))]
}
