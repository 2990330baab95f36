import {
  bool,
  char,
  contract,
  enumeration,
  f32,
  f64,
  flags,
  list,
  type OpenContract,
  option,
  record,
  result,
  s16,
  s32,
  s64,
  s8,
  string,
  tuple,
  u16,
  u32,
  u64,
  u8,
  variant,
} from 'mortise/contract'

const Numbers = record('numbers', {
  a: u8,
  b: s8,
  c: u16,
  d: s16,
  e: u32,
  f: s32,
  g: u64,
  h: s64,
  i: f32,
  j: f64,
})
const Lists = record('lists', {
  a: list(u8),
  b: list(s8),
  c: list(u16),
  d: list(s16),
  e: list(u32),
  f: list(s32),
  g: list(u64),
  h: list(s64),
  i: list(f32),
  j: list(f64),
  k: list(bool),
  l: list(char),
  m: list(string),
  n: list(Numbers),
  o: list(list(string)),
})
const Color = enumeration('color', ['red', 'light-green', 'delete'])
const Access = flags('access', ['canRead', 'canWrite', 'isOwner', 'type'])
const Wide = flags(
  'wide',
  Array.from({ length: 32 }, (_, bit) => `bit${bit}`),
)
const Shape = variant('shape', {
  nothing: null,
  circle: f32,
  label: string,
  size: tuple(u64, f64),
  new: Numbers,
  'many-points': list(tuple(s16, s16)),
})
const Options = record('options', {
  a: option(string),
  b: option(u32),
  c: option(option(bool)),
  d: option(Color),
  e: option(Access),
  f: option(Numbers),
  g: option(list(u8)),
  h: option(option(option(string))),
  i: option(Shape),
  j: option(char),
})
const Results = record('results', {
  a: result(u32, string),
  b: result(null, string),
  c: result(list(u8), null),
  d: result(null, null),
  e: result(option(Shape), Color),
})
const pair = tuple(string, bool)

/** Hooks, each of which takes an object of its parameters. */
export type HooksByName = Readonly<Record<string, (params: never) => unknown>>

export interface EchoFunctions {
  turn(params: never): unknown
  ask(params: never): unknown
  tick(params: never): void
  rate(params: never): number
}

/** A contract with every type of the canonical ABI, each given to a hook that gives it back. */
export const everyType: OpenContract<HooksByName, EchoFunctions, Readonly<Record<string, unknown>>> = contract(
  'every-type',
  {
    echoNumbers: { params: { value: Numbers }, result: Numbers },
    echoLists: { params: { value: Lists }, result: Lists },
    echoColor: { params: { value: Color }, result: Color },
    echoAccess: { params: { value: Access }, result: Access },
    echoWide: { params: { value: Wide }, result: Wide },
    echoShape: { params: { value: Shape }, result: Shape },
    echoOptions: { params: { value: Options }, result: Options },
    echoResults: { params: { value: Results }, result: Results },
    echoTuple: { params: { value: tuple(u8, pair, f64) }, result: tuple(u8, pair, f64) },
    echoChar: { params: { value: char }, result: char },
    echoBool: { params: { value: bool }, result: bool },
    echoText: { params: { value: string }, result: string },
    echoOption: { params: { value: option(u64) }, result: option(u64) },
    echoResult: { params: { value: result(f32, u64) }, result: result(f32, u64) },
    swap: { params: { left: string, right: list(string) }, result: tuple(list(string), string) },
    add: { params: { a: s64, b: f64 }, result: f64 },
    count: {},
    counted: { result: u32 },
    viaHost: { params: { shape: Shape, options: Options, access: Access }, result: Shape },
    viaHostFlat: { params: { text: string, shape: option(Shape) }, result: result(string, string) },
  },
  {
    hostFunctions: {
      turn: { params: { shape: Shape, options: Options, access: Access }, result: Shape },
      ask: { params: { text: string, shape: option(Shape) }, result: result(string, string) },
      tick: { params: { color: Color, at: char, on: bool } },
      rate: { params: { by: f32 }, result: f32 },
    },
    values: { version: string, limits: Numbers, level: u8 },
  },
)
