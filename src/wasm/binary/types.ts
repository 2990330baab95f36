import { MortiseError } from '../../errors.ts'
import type { Reader } from './reader.ts'

/** A function type; value types are spelt as in the text format. */
export interface FunctionType {
  readonly params: readonly string[]
  readonly results: readonly string[]
}

/** Size of a memory (in pages of 64 KiB) or of a table (in entries). */
export interface SizeLimits {
  readonly min: number
  readonly max: number | undefined
}

export interface TableType extends SizeLimits {
  readonly element: string
}

export interface GlobalType {
  readonly value: string
  readonly mutable: boolean
}

const numbers: Readonly<Record<number, string>> = { 0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64', 0x7b: 'v128' }

const heapTypes: Readonly<Record<number, string>> = {
  0x70: 'func',
  0x6f: 'extern',
  0x69: 'exn',
  0x73: 'nofunc',
  0x72: 'noextern',
  0x74: 'noexn',
  0x71: 'none',
  0x6e: 'any',
  0x6d: 'eq',
  0x6c: 'i31',
  0x6b: 'struct',
  0x6a: 'array',
}

/** Heap types whose values live in V8's own heap, which no limit and no checkpoint reaches. */
const collected = new Set(['none', 'any', 'eq', 'i31', 'struct', 'array'])

/** How a signature is written everywhere: in checks, errors and `inspect`. */
export function signature(type: FunctionType): string {
  return `(${type.params.join(', ')}) -> (${type.results.join(', ')})`
}

export function unsupported(what: string, offset: number): never {
  throw new MortiseError(
    'MODULE_UNSUPPORTED',
    `Cannot take the module: it uses ${what} at byte ${offset}. Build it without`,
    { offset },
  )
}

export function heapType(reader: Reader): string {
  const offset = reader.offset
  const index = reader.signed(33)
  if (index >= 0) return `$${index}`
  // A negative number, which is one byte unless it is written at length.
  const name = index >= -64 ? heapTypes[index & 0x7f] : undefined
  if (name === undefined) reader.fail(`0x${(index & 0x7f).toString(16)} is no heap type`, offset)
  if (collected.has(name))
    unsupported(`the garbage-collected type ${name} (its values live outside every memory limit)`, offset)
  return name
}

export function valueType(reader: Reader): string {
  const offset = reader.offset
  const byte = reader.u8()
  const number = numbers[byte]
  if (number !== undefined) return number
  if (byte === 0x64) return `(ref ${heapType(reader)})`
  if (byte === 0x63) return `(ref null ${heapType(reader)})`
  reader.offset = offset
  if (heapTypes[byte] === undefined) reader.fail(`0x${byte.toString(16)} is no value type`, offset)
  return `${heapType(reader)}ref`
}

/** One entry of the type section, which may be a group of types that refer to each other. */
export function typeEntry(reader: Reader, into: FunctionType[]): void {
  const offset = reader.offset
  const form = reader.u8()
  if (form === 0x60) {
    const params = reader.vector(() => valueType(reader))
    into.push({ params, results: reader.vector(() => valueType(reader)) })
  } else if (form === 0x4e) {
    reader.vector(() => typeEntry(reader, into))
  } else if (form === 0x50 || form === 0x4f) {
    reader.vector(() => reader.u32())
    typeEntry(reader, into)
  } else if (form === 0x5f || form === 0x5e) {
    unsupported(
      `a garbage-collected ${form === 0x5f ? 'struct' : 'array'} type (its values live outside every memory limit)`,
      offset,
    )
  } else {
    reader.fail(`0x${form.toString(16)} is no type`, offset)
  }
}

export function sizeLimits(reader: Reader, what: 'memory' | 'table'): SizeLimits {
  const offset = reader.offset
  const flags = reader.u8()
  if (flags > 7) reader.fail(`0x${flags.toString(16)} are no limits`, offset)
  if (flags & 4) unsupported(`a ${what} with 64-bit addresses`, offset)
  if (flags & 2) unsupported(`a shared ${what} (no checkpoint of it would be whole)`, offset)
  const min = reader.u32()
  return { min, max: flags & 1 ? reader.u32() : undefined }
}

export function tableType(reader: Reader): TableType {
  const element = valueType(reader)
  return { element, ...sizeLimits(reader, 'table') }
}

export function globalType(reader: Reader): GlobalType {
  const value = valueType(reader)
  const mutability = reader.u8()
  if (mutability > 1) reader.fail('a global is neither mutable nor immutable', reader.offset - 1)
  return { value, mutable: mutability === 1 }
}
