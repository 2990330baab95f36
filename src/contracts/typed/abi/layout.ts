import type { NumberKind, Type } from '../types.ts'

/**
 * Sizes, alignments and flat forms of the canonical ABI: "Alignment", "Element Size" and "Flattening" in the component
 * model's CanonicalABI.md.
 */
export interface Layout {
  readonly size: number
  readonly align: number
  /** What a value is as parameters of a core function. */
  readonly flat: readonly Flat[]
  /** It holds strings or lists, which lie elsewhere. */
  readonly pointers: boolean
}

/** A value type of core WebAssembly. */
export type Flat = 'i32' | 'i64' | 'f32' | 'f64'

/** More parameters than these are passed in memory. */
export const mostFlatParams = 16

/** One of several cases, and what it holds. */
export interface Case {
  readonly tag: string
  readonly type: Type | null
}

const known = new WeakMap<Type, Layout>()

/** The layout of a type, found once. */
export function layoutOf(type: Type): Layout {
  const before = known.get(type)
  if (before !== undefined) return before
  const layout = find(type)
  known.set(type, layout)
  return layout
}

/** The layout of several values one after the other, as those of a record are. */
export function layoutOfAll(types: readonly Type[]): Layout {
  const parts = types.map(layoutOf)
  const align = Math.max(1, ...parts.map((part) => part.align))
  return {
    size: alignTo(offsetsOf(types).at(-1) ?? 0, align),
    align,
    flat: parts.flatMap(({ flat }) => flat),
    pointers: parts.some(({ pointers }) => pointers),
  }
}

/** Where each of several values begins, and where the last one ends. */
export function offsetsOf(types: readonly Type[]): readonly number[] {
  const offsets: number[] = []
  let at = 0
  for (const { size, align } of types.map(layoutOf)) {
    const start = alignTo(at, align)
    offsets.push(start)
    at = start + size
  }
  return [...offsets, at]
}

/** The cases of a type that has some. */
export function casesOf(type: Type & { readonly kind: 'variant' | 'option' | 'result' }): readonly Case[] {
  switch (type.kind) {
    case 'variant':
      return Object.entries(type.cases).map(([tag, held]) => ({ tag, type: held }))
    case 'option':
      return [
        { tag: 'none', type: null },
        { tag: 'some', type: type.some },
      ]
    case 'result':
      return [
        { tag: 'ok', type: type.ok },
        { tag: 'err', type: type.err },
      ]
  }
}

/** Whether an option holds what may be `undefined` itself, and so needs tags. */
export function isTagged(type: Type & { readonly kind: 'option' }): boolean {
  return type.some.kind === 'option' && !isTagged(type.some)
}

/** Bytes of the number that says which of several cases it is. */
export function discriminantSize(cases: number): 1 | 2 | 4 {
  return cases <= 2 ** 8 ? 1 : cases <= 2 ** 16 ? 2 : 4
}

/** Where the values of all cases begin. */
export function payloadOffset(cases: readonly Case[]): number {
  return alignTo(discriminantSize(cases.length), payloadAlign(cases))
}

/** Bytes of a set of flags. */
export function flagsSize(flags: number): 1 | 2 | 4 {
  return flags <= 8 ? 1 : flags <= 16 ? 2 : 4
}

const scalar = (size: number, flat: Flat): Layout => ({ size, align: size, flat: [flat], pointers: false })
const pair: Layout = { size: 8, align: 4, flat: ['i32', 'i32'], pointers: true }

function find(type: Type): Layout {
  switch (type.kind) {
    case 'bool':
    case 'u8':
    case 's8':
      return scalar(1, 'i32')
    case 'u16':
    case 's16':
      return scalar(2, 'i32')
    case 'u32':
    case 's32':
    case 'char':
      return scalar(4, 'i32')
    case 'u64':
    case 's64':
      return scalar(8, 'i64')
    case 'f32':
      return scalar(4, 'f32')
    case 'f64':
      return scalar(8, 'f64')
    case 'string':
    case 'list':
      return pair
    case 'tuple':
      return layoutOfAll(type.items)
    case 'record':
      return layoutOfAll(Object.values(type.fields))
    case 'enum':
      return scalar(discriminantSize(type.cases.length), 'i32')
    case 'flags':
      return scalar(flagsSize(type.flags.length), 'i32')
    case 'variant':
    case 'option':
    case 'result':
      return ofCases(casesOf(type))
  }
}

function ofCases(cases: readonly Case[]): Layout {
  const held = cases.flatMap(({ type }) => (type === null ? [] : [layoutOf(type)]))
  const align = Math.max(discriminantSize(cases.length), payloadAlign(cases))
  const flat: Flat[] = []
  for (const layout of held) {
    for (const [index, one] of layout.flat.entries()) flat[index] = join(flat[index] ?? one, one)
  }
  return {
    size: alignTo(payloadOffset(cases) + Math.max(0, ...held.map(({ size }) => size)), align),
    align,
    flat: ['i32', ...flat],
    pointers: held.some(({ pointers }) => pointers),
  }
}

/** The one type that can hold either of two. */
function join(a: Flat, b: Flat): Flat {
  if (a === b) return a
  return a !== 'i64' && b !== 'i64' && a !== 'f64' && b !== 'f64' ? 'i32' : 'i64'
}

function payloadAlign(cases: readonly Case[]): number {
  return Math.max(1, ...cases.map(({ type }) => (type === null ? 1 : layoutOf(type).align)))
}

const alignTo = (at: number, align: number): number => Math.ceil(at / align) * align

/** Whether lists of it are typed arrays. */
export function isNumber(type: Type): type is Type & { readonly kind: NumberKind } {
  return /^[usf]\d+$/.test(type.kind)
}
