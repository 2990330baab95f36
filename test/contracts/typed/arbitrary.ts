import fc from 'fast-check'
import {
  bool,
  char,
  enumeration,
  f32,
  f64,
  flags,
  list,
  option,
  record,
  result,
  s16,
  s32,
  s64,
  s8,
  string,
  tuple,
  type Type,
  type Typed,
  u16,
  u32,
  u64,
  u8,
  variant,
} from 'mortise/contract'

const scalars: readonly Typed<unknown>[] = [bool, u8, s8, u16, s16, u32, s32, u64, s64, f32, f64, char, string]
const names = ['a', 'opaqueId', 'type', 'mail2', 'x', 'longNameOfAField', 'list', 'record']

/** Any type, up to some depth. Types with a name get one of their own each. */
export function anyType(depth = 3): fc.Arbitrary<Typed<unknown>> {
  let count = 0
  const name = (kind: string): string => `${kind}-n${(count++).toString(36).replaceAll(/\d/g, (digit) => `d${digit}`)}`
  const scalar = fc.constantFrom(...scalars)
  const some = (inner: fc.Arbitrary<Typed<unknown>>): fc.Arbitrary<Typed<unknown>[]> =>
    fc.array(inner, { minLength: 1, maxLength: 6 })
  const labels = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 6 })
  const compound = (inner: fc.Arbitrary<Typed<unknown>>): fc.Arbitrary<Typed<unknown>> =>
    fc.oneof(
      inner.map((type) => list(type)),
      inner.map((type) => option(type)),
      some(inner).map((types) => tuple(...types)),
      fc.tuple(fc.option(inner), fc.option(inner)).map(([ok, err]) => result(ok, err)),
      fc.tuple(labels, some(inner)).map(([keys, types]) => record(name('r'), paired(keys, types))),
      fc
        .tuple(labels, fc.array(fc.option(inner), { minLength: 1, maxLength: 6 }))
        .map(([keys, types]) => variant(name('v'), paired(keys, types))),
      labels.map((keys) => enumeration(name('e'), keys)),
      fc.integer({ min: 257, max: 300 }).map((cases) => enumeration(name('e'), numbered('case', cases))),
      fc.integer({ min: 1, max: 32 }).map((count) => flags(name('f'), numbered('flag', count))),
    )
  const level = (left: number): fc.Arbitrary<Typed<unknown>> =>
    left === 0
      ? scalar
      : fc.oneof({ weight: 1, arbitrary: scalar }, { weight: 2, arbitrary: compound(level(left - 1)) })
  return level(depth)
}

const numbered = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what}${index}`)
const paired = <T>(keys: readonly string[], values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.slice(0, keys.length).map((value, index) => [keys[index] ?? '', value]))

/** Any value of a type. */
export function anyValue(type: Type): fc.Arbitrary<unknown> {
  switch (type.kind) {
    case 'bool':
      return fc.boolean()
    case 'u8':
      return fc.integer({ min: 0, max: 255 })
    case 's8':
      return fc.integer({ min: -128, max: 127 })
    case 'u16':
      return fc.integer({ min: 0, max: 65_535 })
    case 's16':
      return fc.integer({ min: -32_768, max: 32_767 })
    case 'u32':
      return fc.integer({ min: 0, max: 2 ** 32 - 1 })
    case 's32':
      return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    case 'u64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    case 's64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    case 'f32':
      return fc.float()
    case 'f64':
      return fc.double()
    case 'char':
      return fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
    case 'string':
      return fc.oneof(fc.string({ maxLength: 50 }), fc.string({ unit: 'binary' }), fc.constant('é'.repeat(3000)))
    case 'list':
      return anyList(type.element)
    case 'option':
      return type.some.kind === 'option' && !isTagged(type.some)
        ? fc.oneof(
            fc.constant({ tag: 'none' }),
            anyValue(type.some).map((val) => ({ tag: 'some', val })),
          )
        : fc.option(anyValue(type.some), { nil: undefined })
    case 'tuple':
      return fc.tuple(...type.items.map(anyValue))
    case 'record':
      return object(Object.entries(type.fields).map(([name, field]) => [name, anyValue(field)]))
    case 'flags':
      return object(type.flags.map((name) => [name, fc.boolean()]))
    case 'enum':
      return fc.constantFrom(...type.cases)
    case 'variant':
      return fc.oneof(...Object.entries(type.cases).map(([tag, held]) => anyCase(tag, held)))
    case 'result':
      return fc.oneof(anyCase('ok', type.ok), anyCase('err', type.err))
  }
}

const object = (fields: readonly (readonly [string, fc.Arbitrary<unknown>])[]): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(fields), { noNullPrototype: true })

const isTagged = (type: Type): boolean => type.kind === 'option' && type.some.kind === 'option' && !isTagged(type.some)

function anyCase(tag: string, held: Type | null): fc.Arbitrary<unknown> {
  return held === null ? fc.constant({ tag }) : anyValue(held).map((val) => ({ tag, val }))
}

function anyList(element: Type): fc.Arbitrary<unknown> {
  switch (element.kind) {
    case 'u8':
      return fc.uint8Array({ maxLength: 100 })
    case 's8':
      return fc.int8Array()
    case 'u16':
      return fc.uint16Array()
    case 's16':
      return fc.int16Array()
    case 'u32':
      return fc.uint32Array()
    case 's32':
      return fc.int32Array()
    case 'u64':
      return fc.bigUint64Array()
    case 's64':
      return fc.bigInt64Array()
    case 'f32':
      return fc.float32Array()
    case 'f64':
      return fc.float64Array()
    default:
      return fc.array(anyValue(element), { maxLength: 8 })
  }
}
