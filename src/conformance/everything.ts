import {
  bool,
  char,
  contract,
  enumeration,
  type Everywhere,
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
  type Typed,
  type TypedContract,
  u16,
  u32,
  u64,
  u8,
  variant,
} from '../contracts/typed/contract.ts'

const color: Typed<'red' | 'dark-blue', 'enum'> = enumeration('color', ['red', 'dark-blue'])
const rights = flags('rights', ['read', 'writeAll'])
const shape = variant('shape', { nothing: null, circle: f64, label: string, 'two-sides': tuple(u8, u64) })

/** One value of each type. */
export interface All {
  readonly bool: boolean
  readonly u8: number
  readonly s8: number
  readonly u16: number
  readonly s16: number
  readonly u32: number
  readonly s32: number
  readonly u64: bigint
  readonly s64: bigint
  readonly f32: number
  readonly f64: number
  readonly char: string
  readonly string: string
  readonly bytes: Uint8Array
  readonly numbers: Float64Array
  readonly texts: readonly string[]
  readonly pair: readonly [string, bigint]
  readonly maybe?: string | undefined
  readonly nested: { readonly tag: 'some'; readonly val: number | undefined } | { readonly tag: 'none' }
  readonly outcome:
    | { readonly tag: 'ok'; readonly val: string }
    | { readonly tag: 'err'; readonly val: 'red' | 'dark-blue' }
  readonly shape:
    | { readonly tag: 'nothing' }
    | { readonly tag: 'circle'; readonly val: number }
    | { readonly tag: 'label'; readonly val: string }
    | { readonly tag: 'two-sides'; readonly val: readonly [number, bigint] }
  readonly color: 'red' | 'dark-blue'
  readonly rights: { readonly read: boolean; readonly writeAll: boolean }
}

const all: Typed<All, 'record'> = record('all', {
  bool,
  u8,
  s8,
  u16,
  s16,
  u32,
  s32,
  u64,
  s64,
  f32,
  f64,
  char,
  string,
  bytes: list(u8),
  numbers: list(f64),
  texts: list(string),
  pair: tuple(string, s64),
  maybe: option(string),
  nested: option(option(u32)),
  outcome: result(string, color),
  shape,
  color,
  rights,
})

export interface EverythingHooks {
  /** Returns what it was given. */
  echo(params: { readonly value: All }): All
  /** The same for much of it. */
  big(params: { readonly text: string; readonly bytes: Uint8Array }): readonly [string, Uint8Array]
  /** Divides whole numbers; by zero it says 'no'. */
  divide(params: {
    readonly a: number
    readonly b: number
  }): { readonly tag: 'ok'; readonly val: number } | { readonly tag: 'err'; readonly val: string }
  /** Counts its calls. */
  count(): number
  /** Crashes. */
  crash(): void
}

/** What a guest says when it is loaded: `'everything'`. */
export interface EverythingValues {
  readonly name: string
}

/**
 * A contract with every type, for the guests of {@link testTyped}: what a guest has to do is said at each hook. A guest in another
 * language is built from its WIT.
 */
export const everything: TypedContract<EverythingHooks, Everywhere<EverythingHooks, EverythingValues>> = contract(
  'everything',
  {
    echo: { params: { value: all }, result: all },
    big: { params: { text: string, bytes: list(u8) }, result: tuple(string, list(u8)) },
    divide: { params: { a: s32, b: s32 }, result: result(s32, string) },
    count: { result: u32 },
    crash: {},
  },
  { values: { name: string } },
)
