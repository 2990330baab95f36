import { constants } from 'node:buffer'
import type { Type } from '../types.ts'
import { casesOf, isNumber, isTagged } from './layout.ts'

/** Bytes of what holds a value: a place in an array or an object. */
export const slot = 8

/** How much more than its memory may have a guest's values may take in the host. */
const factor = 4

/**
 * How many bytes of the host one value of a guest may take. An array of objects takes many times what the guest wrote for it, and
 * a process whose heap is full ends.
 *
 * @param limit - the most bytes that the guest's memory may ever have
 */
export const budgetOf = (limit: number): number => Math.min(factor * limit, constants.MAX_STRING_LENGTH)

const known = new WeakMap<Type, number>()

/** About how many bytes V8 takes for a value of a type beside its {@link slot}, but for the characters and elements in it. */
export function heapOf(type: Type): number {
  const before = known.get(type)
  if (before !== undefined) return before
  const bytes = measure(type)
  known.set(type, bytes)
  return bytes
}

function measure(type: Type): number {
  switch (type.kind) {
    case 'bool':
    case 'u8':
    case 's8':
    case 'u16':
    case 's16':
    case 'enum':
      return 0
    case 'u32':
    case 's32':
    case 'f32':
    case 'f64':
      return 16
    case 'u64':
    case 's64':
    case 'char':
      return 24
    case 'string':
      return 32
    case 'list':
      return isNumber(type.element) ? 200 : 48
    case 'tuple':
      return 48 + held(type.items)
    case 'record':
      return 24 + held(Object.values(type.fields))
    case 'flags':
      return 24 + slot * type.flags.length
    case 'variant':
    case 'result':
    case 'option': {
      const most = Math.max(...casesOf(type).map((one) => (one.type === null ? 0 : heapOf(one.type))))
      return type.kind === 'option' && !isTagged(type) ? most : 40 + most
    }
  }
}

const held = (types: readonly Type[]): number => types.reduce((sum, type) => sum + slot + heapOf(type), 0)
