import type { Members, NamedType, Type, Typed, ValueOf, ValuesOf } from './types.ts'

/** A function as a contract is written with it: no parameters, or no result, where they are left out. */
export interface WrittenFunction {
  readonly params?: WrittenMembers
  readonly result?: Typed<unknown>
}
export type WrittenMembers = Readonly<Record<string, Typed<unknown>>>
export type WrittenFunctions = Readonly<Record<string, WrittenFunction>>

/** A function as data. */
export interface FunctionType {
  readonly params: Members
  readonly result: Type | null
}

/** A contract as data, checked: what bindings, codecs and generators are made from. */
export interface Definition {
  readonly name: string
  /** What the host calls, in the order of the definition. */
  readonly hooks: Readonly<Record<string, FunctionType>>
  /** What the guest may call. */
  readonly hostFunctions: Readonly<Record<string, FunctionType>>
  /** What the guest says once, at load. */
  readonly values: Members
  /** Every type with a name that any of these mentions, each after those that it mentions itself. */
  readonly types: readonly NamedType[]
}

/** The JavaScript functions of a definition. */
export type FunctionsOf<F> = { readonly [N in keyof F]: FunctionOf<F[N]> }
/** One object with the parameters, or no argument where there are none. */
export type FunctionOf<F> = (...args: ArgumentsOf<F>) => ResultOf<F>
type ArgumentsOf<F> = F extends { readonly params: infer P }
  ? [keyof P] extends [never]
    ? []
    : [params: ValuesOf<P>]
  : []
type ResultOf<F> = F extends { readonly result: infer R } ? ValueOf<R> : void

/** The JavaScript values of a definition. */
export type ContractValues<V> = { readonly [N in keyof V]: ValueOf<V[N]> }
