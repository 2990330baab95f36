import type { Type } from '../types.ts'
import { casesOf } from './layout.ts'

/**
 * Whether the code for a record or tuple is written where it is used. A larger one is a function of its own, so that types which mention
 * others many times do not make code that grows without end.
 */
export function isLight(type: Type): boolean {
  return weigh(type, heaviest) >= 0
}

/** The most types in a type whose code is written in line. */
const heaviest = 64

/** What is left of a weight after all types in a type; less than 0 for too many. */
function weigh(type: Type, left: number): number {
  const parts = partsOf(type)
  return parts.reduce((rest, part) => (rest < 0 ? rest : weigh(part, rest)), left - 1)
}

/** The types that a type holds. */
export function partsOf(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'list':
      return [type.element]
    case 'tuple':
      return type.items
    case 'record':
      return Object.values(type.fields)
    case 'variant':
    case 'option':
    case 'result':
      return casesOf(type).flatMap(({ type: held }) => held ?? [])
    default:
      return []
  }
}
