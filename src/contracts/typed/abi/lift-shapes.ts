import type { Type } from '../types.ts'
import { isTagged } from './layout.ts'
import { literal, type Source } from './source.ts'

/** The object of a case. */
export function caseOf(tag: string, value: string | null): string {
  return value === null ? `{ tag: ${literal(tag)} }` : `{ tag: ${literal(tag)}, val: ${value} }`
}

export function optionOf(type: Type & { readonly kind: 'option' }, discriminant: string, some: string): string {
  const [none, held] = isTagged(type)
    ? [`(t.none(${discriminant}), { tag: "none" })`, caseOf('some', some)]
    : [`t.none(${discriminant})`, some]
  return `(${discriminant} === 1 ? ${held} : ${none})`
}

export function enumOf(source: Source, type: Type & { readonly kind: 'enum' }, discriminant: string): string {
  const { name, cases } = type
  const read = source.function('enumeration', type, 'd', () => {
    const names = source.constant('cases', `[${cases.map(literal).join(', ')}]`)
    return `return ${names}[d] ?? t.noCase(${literal(name)}, d, ${cases.length})`
  })
  return `${read}(${discriminant})`
}

export function flagsOf(source: Source, type: Type & { readonly kind: 'flags' }, bits: string): string {
  const read = source.function(
    'flags',
    type,
    'b',
    () => `return { ${type.flags.map((name, bit) => `${literal(name)}: (b >>> ${bit} & 1) === 1`).join(', ')} }`,
  )
  return `${read}(${bits})`
}

/** The statement after a switch over all cases. */
export function noCase(type: Type, discriminant: string, cases: number): string {
  return `return t.noCase(${literal('name' in type ? type.name : type.kind)}, ${discriminant}, ${cases})`
}
