import type { FieldValue } from '../contracts/extension/fields.ts'
import type { Key } from '../contracts/extension/storage.ts'
import { GuestFault } from '../fault.ts'

/** A text of a key; empty where the guest put none in. */
export function textOf({ fields }: Key, name: string): string {
  const value = fields.get(name)
  return typeof value === 'string' ? value : ''
}

/** The texts that a guest put into a field one after the other. */
export function textsOf({ fields }: Key, name: string): readonly string[] {
  const value = fields.get(name)
  if (!Array.isArray(value)) return typeof value === 'string' ? [value] : []
  const texts: readonly FieldValue[] = value
  return texts.filter((text) => typeof text === 'string')
}

/** An integer of a key that a number holds exactly. */
export function integerOf(key: Key, name: string): number | undefined {
  const value = key.fields.get(name)
  if (value === undefined) return undefined
  const number = typeof value === 'bigint' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : wrong(name, `${name} is out of range`)
}

/** Ends the guest's call: a field of the key is missing, or has a value that it cannot have. */
export function wrong(field: string, why: string): never {
  throw new GuestFault('EXTENSION_FIELD', why, { field })
}
