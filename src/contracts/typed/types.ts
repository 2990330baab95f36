/** The types that have no parts. */
export type ScalarKind = 'bool' | NumberKind | 'char' | 'string'
export type NumberKind = 'u8' | 's8' | 'u16' | 's16' | 'u32' | 's32' | 'u64' | 's64' | 'f32' | 'f64'

/** Names with types, in the order of the definition, which is that of the memory layout. */
export type Members = Readonly<Record<string, Type>>

/** Cases with the type of what each holds; null for one that holds nothing. */
export type Cases = Readonly<Record<string, Type | null>>

/**
 * A type of the component model, as data: what generators, layouts and codecs are made from. Names stand in it as they were
 * written; `wit/names.ts` has their other spellings.
 */
export type Type =
  | { readonly [K in ScalarKind]: { readonly kind: K } }[ScalarKind]
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'option'; readonly some: Type }
  | { readonly kind: 'result'; readonly ok: Type | null; readonly err: Type | null }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] }
  | { readonly kind: 'record'; readonly name: string; readonly fields: Members }
  | { readonly kind: 'variant'; readonly name: string; readonly cases: Cases }
  | { readonly kind: 'enum'; readonly name: string; readonly cases: readonly string[] }
  | { readonly kind: 'flags'; readonly name: string; readonly flags: readonly string[] }

export type TypeKind = Type['kind']

/** A type that has a name. */
export type NamedType = Extract<Type, { readonly name: string }>

declare const held: unique symbol

/** A type that knows which JavaScript values it holds; nothing of that is there when the program runs. */
export type Typed<V, K extends TypeKind = TypeKind> = Extract<Type, { readonly kind: K }> & {
  readonly [held]?: { readonly value: V }
}

/**
 * The JavaScript values of a type.
 *
 * @example
 * ```ts
 * import { record, string, u32, type ValueOf } from 'mortise/contract'
 *
 * const UserId = record('user-id', { idp: string, number: u32 })
 * const id: ValueOf<typeof UserId> = { idp: 'cern.ch', number: 7 }
 * console.log(id.number)
 * ```
 */
export type ValueOf<T> = T extends { readonly [held]?: { readonly value: infer V } } ? V : never

/** An object with a value for each type; what may be `undefined` may be left out. */
export type ValuesOf<F> = Flat<
  { readonly [N in keyof F as undefined extends ValueOf<F[N]> ? never : N]: ValueOf<F[N]> } & {
    readonly [N in keyof F as undefined extends ValueOf<F[N]> ? N : never]?: ValueOf<F[N]>
  }
>
type Flat<T> = { readonly [N in keyof T]: T[N] }

/** `{ tag }`, with the value as `val` where the case has one. */
export type CaseOf<N, T> = [T] extends [null] ? { readonly tag: N } : { readonly tag: N; readonly val: ValueOf<T> }
export type VariantOf<C> = { readonly [N in keyof C]: CaseOf<N, C[N]> }[keyof C]

/** A list of numbers is a typed array, any other an array. */
export type ListOf<E> = E extends { readonly kind: infer K extends NumberKind }
  ? NumberArrays[K]
  : readonly ValueOf<E>[]
export interface NumberArrays {
  readonly u8: Uint8Array
  readonly s8: Int8Array
  readonly u16: Uint16Array
  readonly s16: Int16Array
  readonly u32: Uint32Array
  readonly s32: Int32Array
  readonly u64: BigUint64Array
  readonly s64: BigInt64Array
  readonly f32: Float32Array
  readonly f64: Float64Array
}

/** `undefined` for none; where the value inside may be `undefined` itself, `{ tag: 'some', val }` or `{ tag: 'none' }`. */
export type OptionOf<S> =
  undefined extends ValueOf<S>
    ? { readonly tag: 'some'; readonly val: ValueOf<S> } | { readonly tag: 'none' }
    : ValueOf<S> | undefined

/** `true` or `false`. */
export const bool: Typed<boolean, 'bool'> = Object.freeze({ kind: 'bool' })
/** A whole number from 0 to 255. */
export const u8: Typed<number, 'u8'> = Object.freeze({ kind: 'u8' })
/** A whole number from −128 to 127. */
export const s8: Typed<number, 's8'> = Object.freeze({ kind: 's8' })
/** A whole number from 0 to 65,535. */
export const u16: Typed<number, 'u16'> = Object.freeze({ kind: 'u16' })
/** A whole number from −32,768 to 32,767. */
export const s16: Typed<number, 's16'> = Object.freeze({ kind: 's16' })
/** A whole number of 32 bits, from 0. */
export const u32: Typed<number, 'u32'> = Object.freeze({ kind: 'u32' })
/** A whole number of 32 bits with a sign. */
export const s32: Typed<number, 's32'> = Object.freeze({ kind: 's32' })
/** A whole number of 64 bits, from 0: a bigint. */
export const u64: Typed<bigint, 'u64'> = Object.freeze({ kind: 'u64' })
/** A whole number of 64 bits with a sign: a bigint. */
export const s64: Typed<bigint, 's64'> = Object.freeze({ kind: 's64' })
/** A number of 32 bits: one that needs more is rounded. */
export const f32: Typed<number, 'f32'> = Object.freeze({ kind: 'f32' })
/** A number as JavaScript's own. */
export const f64: Typed<number, 'f64'> = Object.freeze({ kind: 'f64' })
/** One character: a string of one Unicode scalar value. */
export const char: Typed<string, 'char'> = Object.freeze({ kind: 'char' })
/** Text: a string without lone surrogates. */
export const string: Typed<string, 'string'> = Object.freeze({ kind: 'string' })

/** Any number of values of one type: a typed array of numbers (`Uint8Array` for `u8`), else an array. */
export function list<const E extends Typed<unknown>>(element: E): Typed<ListOf<E>, 'list'> {
  return Object.freeze({ kind: 'list', element })
}

/** A value or `undefined`; an option of an option is `{ tag: 'some', val }` or `{ tag: 'none' }`. */
export function option<const S extends Typed<unknown>>(some: S): Typed<OptionOf<S>, 'option'> {
  return Object.freeze({ kind: 'option', some })
}

/**
 * What came of something: `{ tag: 'ok', val }` or `{ tag: 'err', val }`. It is returned, never thrown.
 *
 * @param ok - the type of `val` on success, or null for none
 * @param err - the type of `val` on failure, or null for none
 */
export function result<const O extends Typed<unknown> | null, const E extends Typed<unknown> | null>(
  ok: O,
  err: E,
): Typed<CaseOf<'ok', O> | CaseOf<'err', E>, 'result'> {
  return Object.freeze({ kind: 'result', ok, err })
}

/** A fixed number of values, each of its type: an array. */
export function tuple<const I extends readonly Typed<unknown>[]>(
  ...items: I
): Typed<{ readonly [N in keyof I]: ValueOf<I[N]> }, 'tuple'> {
  return Object.freeze({ kind: 'tuple', items: Object.freeze(items) })
}

/**
 * An object with a field for each type.
 *
 * @param name - of the type, in kebab-case: `user-id`
 * @param fields - by name, in camelCase; a field that is an option may be left out of a value
 */
export function record<const F extends Readonly<Record<string, Typed<unknown>>>>(
  name: string,
  fields: F,
): Typed<ValuesOf<F>, 'record'> {
  return Object.freeze({ kind: 'record', name, fields: Object.freeze({ ...fields }) })
}

/**
 * One of several cases: `{ tag }`, or `{ tag, val }` for a case that holds something.
 *
 * @param name - of the type, in kebab-case
 * @param cases - by tag, each with the type of its `val`, or null for none
 */
export function variant<const C extends Readonly<Record<string, Typed<unknown> | null>>>(
  name: string,
  cases: C,
): Typed<VariantOf<C>, 'variant'> {
  return Object.freeze({ kind: 'variant', name, cases: Object.freeze({ ...cases }) })
}

/**
 * One of several strings.
 *
 * @param name - of the type, in kebab-case
 * @param cases - the strings
 */
export function enumeration<const C extends string>(name: string, cases: readonly C[]): Typed<C, 'enum'> {
  return Object.freeze({ kind: 'enum', name, cases: Object.freeze([...cases]) })
}

/**
 * A set of flags, each of which is on or off: an object of booleans.
 *
 * @param name - of the type, in kebab-case
 * @param names - of the flags, in camelCase, at most 32
 */
export function flags<const N extends string>(
  name: string,
  names: readonly N[],
): Typed<{ readonly [P in N]: boolean }, 'flags'> {
  return Object.freeze({ kind: 'flags', name, flags: Object.freeze([...names]) })
}
