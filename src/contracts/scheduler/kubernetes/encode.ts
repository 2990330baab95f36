import { MortiseError } from '../../../errors.ts'
import { type Encode, integer, special, text } from './special.ts'
import { type Field, messages } from './table.ts'
import { flagOf, integerOf, keysDescending, listOf, Misfit, objectOf, textOf } from './values.ts'
import { Writer } from './writer.ts'

/** The objects of Kubernetes that guests see. */
export type ObjectName = 'Pod' | 'Node'

type Part = (to: Writer, object: Readonly<Record<string, unknown>>) => void

const writer = new Writer()

/**
 * An object of Kubernetes in protobuf, byte for byte as Kubernetes' own marshaller writes it: fields in ascending order, those that Go
 * keeps as values always, maps sorted by their keys, quantities in their canonical spelling.
 *
 * @param name - what it is
 * @param object - as JSON or YAML has it; fields that this release does not know are left out, as Kubernetes does
 * @throws MortiseError `INPUT_INVALID`
 */
export function encodeObject(name: ObjectName, object: unknown): Uint8Array<ArrayBuffer> {
  writer.clear()
  try {
    encoderOf(name)(writer, object)
    return writer.take()
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    const field = error.path === '' ? 'it' : `'${error.path}'`
    throw new MortiseError('INPUT_INVALID', `Cannot encode the ${name}: ${field} is ${error.message}`)
  }
}

const encoders = new Map<string, Encode>(special)

function encoderOf(type: string): Encode {
  const known = encoders.get(type)
  if (known !== undefined) return known
  // Messages may hold themselves: it is there before it is asked for again.
  let parts: readonly Part[] | undefined
  const encode: Encode = (to, value) => {
    const object = objectOf(value)
    parts ??= (messages.get(type) ?? []).toReversed().map(partOf)
    for (const part of parts) part(to, object)
  }
  encoders.set(type, encode)
  return encode
}

/** Writes a field of an object, if it has to be there. */
function partOf(field: Field): Part {
  const { number, name, type, repetition, always, inline } = field
  const one = fieldEncoder(number, type)
  if (inline) return one
  const write: Encode = repetition === 'list' ? listEncoder(one) : repetition === 'map' ? mapEncoder(number, type) : one
  return (to, object) => {
    const value = object[name]
    if (!always && (value === undefined || value === null)) return
    try {
      write(to, value)
    } catch (error) {
      throw error instanceof Misfit ? error.within(name) : error
    }
  }
}

/** A value behind its tag, and its length where it has one. */
function fieldEncoder(number: number, type: string): Encode {
  if (type === 'string') return (to, value) => text(to, number, textOf(value))
  if (type === 'bool') return (to, value) => integer(to, number, flagOf(value) ? 1 : 0)
  if (type === 'int64') return (to, value) => integer(to, number, integerOf(value))
  if (type === 'int32') return (to, value) => integer(to, number, int32Of(value))
  const encode = encoderOf(type)
  return (to, value) => {
    const before = to.length
    encode(to, value)
    to.varint(to.length - before)
    to.varint(number * 8 + 2)
  }
}

function listEncoder(one: Encode): Encode {
  return (to, value) => {
    const list = listOf(value)
    for (let index = list.length - 1; index >= 0; index--) one(to, list[index])
  }
}

/** Every entry is a message of its key and its value. */
function mapEncoder(number: number, type: string): Encode {
  const valueEncoder = fieldEncoder(2, type)
  return (to, value) => {
    const object = objectOf(value)
    for (const key of keysDescending(object)) {
      const before = to.length
      try {
        valueEncoder(to, object[key])
      } catch (error) {
        throw error instanceof Misfit ? error.within(key) : error
      }
      text(to, 1, key)
      to.varint(to.length - before)
      to.varint(number * 8 + 2)
    }
  }
}

function int32Of(value: unknown): number {
  const number = integerOf(value)
  if (number !== (number | 0)) throw new Misfit(`${number}, and must fit into 32 bits`)
  return number
}
