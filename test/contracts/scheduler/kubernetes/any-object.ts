import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Field, messages } from '../../../../src/contracts/scheduler/kubernetes/table.ts'
import { readMessage, type WireField } from '../../../support/protobuf.ts'

type Read = Readonly<Record<string, unknown>>

const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  string: fc.string({ unit: 'grapheme', maxLength: 60 }),
  bool: fc.boolean(),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  Quantity: fc.integer({ min: 1, max: 999 }).map((count) => `${count}Mi`),
  Time: fc.integer({ min: 1, max: 4e9 }).map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`),
  IntOrString: fc.oneof(fc.integer(), fc.string()),
  FieldsV1: fc.dictionary(fc.string(), fc.constant({})),
}

/** A random object of Kubernetes, some of its fields in it. */
export function anyObject(type: string): fc.Arbitrary<Read> {
  return objectOf(type, 0)
}

function objectOf(type: string, depth: number): fc.Arbitrary<Read> {
  const plain = (messages.get(type) ?? []).filter(({ inline }) => !inline)
  const inline = (messages.get(type) ?? []).filter((field) => field.inline)
  // Deep down there is little: a pod with half of all its fields would have thousands.
  const chosen = fc.subarray(plain, { maxLength: Math.max(1, Math.floor(plain.length / 2 ** depth)) })
  const own = chosen.chain((fields) =>
    fc.record(Object.fromEntries(fields.map((field) => [field.name, valueOf(field, depth)]))),
  )
  return fc
    .tuple(own, ...inline.map((field) => objectOf(field.type, depth)))
    .map((parts) => Object.fromEntries(parts.flatMap((part) => Object.entries(part))))
}

function valueOf({ type, repetition }: Field, depth: number): fc.Arbitrary<unknown> {
  const one = scalars[type] ?? (depth > 3 ? fc.constant({}) : objectOf(type, depth + 1))
  if (repetition === 'list') return fc.array(one, { maxLength: 2 })
  return repetition === 'map' ? fc.dictionary(fc.string(), one, { maxKeys: 3, noNullPrototype: true }) : one
}

/** What bytes say, without what Kubernetes writes although it is empty. */
export function readBack(type: string, bytes: Uint8Array): unknown {
  const wire = readMessage(bytes)
  const numbers = wire.map(({ number }) => number)
  assert.deepEqual(
    numbers,
    numbers.toSorted((a, b) => a - b),
    `${type} has its fields in order`,
  )
  const read: Record<string, unknown> = {}
  for (const field of messages.get(type) ?? []) {
    const values = wire.filter(({ number }) => number === field.number).map(({ value }) => value)
    if (field.always) assert.equal(values.length, 1, `${type}.${field.name} is always written`)
    if (field.inline) for (const value of values) Object.assign(read, readBack(field.type, bytesOf(value)))
    else if (values.length > 0) read[field.name] = valuesOf(field, values)
  }
  return meaning(read)
}

function valuesOf({ type, repetition }: Field, values: readonly WireField['value'][]): unknown {
  if (repetition === 'list') return values.map((value) => oneOf(type, value))
  if (repetition === 'single') return oneOf(type, values.at(-1) ?? 0n)
  return Object.fromEntries(
    values.map((value) => {
      const [key, content] = readMessage(bytesOf(value))
      assert.ok(key?.number === 1 && content?.number === 2)
      return [textOf(key.value), oneOf(type, content.value)]
    }),
  )
}

function oneOf(type: string, value: WireField['value']): unknown {
  if (type === 'string') return textOf(value)
  if (type === 'bool') return value === 1n
  if (type === 'int32' || type === 'int64') return Number(BigInt.asIntN(64, BigInt(String(value))))
  if (!(type in scalars)) return readBack(type, bytesOf(value))
  const [first, second, third] = readMessage(bytesOf(value))
  if (type === 'IntOrString')
    return first?.value === 1n ? textOf(third?.value ?? 0n) : oneOf('int32', second?.value ?? 0n)
  if (type === 'Time') return first && `${new Date(Number(first.value) * 1000).toISOString().slice(0, 19)}Z`
  const text = textOf(first?.value ?? 0n)
  if (type === 'Quantity' && text === '0') return undefined
  return type === 'FieldsV1' ? JSON.parse(text) : text
}

function bytesOf(value: WireField['value']): Uint8Array {
  assert.ok(typeof value === 'object')
  return value
}

const textOf = (value: WireField['value']): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(value))

/** An object without what is empty, for a field that is always written cannot be told from one that is not there. */
export function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => meaning(item) ?? null)
  if (typeof value !== 'object' || value === null)
    return value === '' || value === 0 || value === false ? undefined : value
  const entries = Object.entries(value).map(([name, part]): [string, unknown] => [name, meaning(part)])
  const said = entries.filter(([, part]) => part !== undefined)
  return said.length === 0 ? undefined : Object.fromEntries(said)
}
