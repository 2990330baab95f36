import { MortiseError } from 'mortise'
import { type ModuleInfo, readModule } from '../../../src/wasm/binary/module.ts'
import { rewrite } from '../../../src/wasm/rewrite/rewrite.ts'
import type { Random } from './random.ts'
import { combinations } from './subject.ts'

/** Bytes that mean much in a module: the ends of LEB128, opcodes that open and close, types, huge numbers. */
const telling = [
  0x00, 0x01, 0x0b, 0x40, 0x5e, 0x60, 0x63, 0x64, 0x70, 0x7f, 0x80, 0xfb, 0xfc, 0xfd, 0xfe, 0xff,
] as const
const numbers: readonly [readonly number[], ...(readonly number[])[]] = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0xff, 0xff, 0x03],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
]

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array

function splice(bytes: Uint8Array, at: number, drop: number, ...put: readonly number[]): Uint8Array {
  return Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + drop)])
}

const mutations: readonly [Mutation, ...Mutation[]] = [
  (bytes, random) => bytes.with(random.below(bytes.length), random.below(256)),
  (bytes, random) => bytes.with(random.below(bytes.length), random.pick(telling)),
  (bytes, random) => {
    const at = random.below(bytes.length)
    return bytes.with(at, (bytes[at] ?? 0) ^ (1 << random.below(8)))
  },
  (bytes, random) => {
    const at = random.below(bytes.length)
    return bytes.with(at, ((bytes[at] ?? 0) + random.pick([1, 255])) % 256)
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  (bytes, random) => splice(bytes, random.below(bytes.length), 0, random.pick(telling)),
  (bytes, random) => splice(bytes, random.below(bytes.length), 1 + random.below(8)),
  (bytes, random) => splice(bytes, random.below(bytes.length), 1, ...random.pick(numbers)),
  (bytes, random, other) => {
    const from = random.below(other.length)
    const piece = other.subarray(from, from + 1 + random.below(64))
    return splice(bytes, random.below(bytes.length), random.below(piece.length + 1), ...piece)
  },
]

/** A module with one to four things wrong with it; its first eight bytes mostly stay, or nobody would read on. */
export function mutate(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array<ArrayBuffer> {
  let mutated = bytes
  for (let times = 1 + random.below(4); times > 0 && mutated.length > 0; times--) {
    mutated = random.pick(mutations)(mutated, random, other)
  }
  return random.below(100) === 0
    ? Uint8Array.from(mutated)
    : Uint8Array.from([...bytes.subarray(0, 8), ...mutated.subarray(8)])
}

/** How many mutated modules ended how: by the code of the error, or `valid`. */
export type Outcomes = Map<string, number>

/** Reads and, where it is valid by itself, rewrites a module; throws where that is neither an error with a code nor valid. */
export function swallow(bytes: Uint8Array<ArrayBuffer>, random: Random, outcomes: Outcomes): void {
  const outcome = outcomeOf(bytes, random)
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
}

function outcomeOf(bytes: Uint8Array<ArrayBuffer>, random: Random): string {
  const valid = WebAssembly.validate(bytes)
  let info: ModuleInfo
  try {
    info = readModule(bytes)
  } catch (thrown) {
    // Valid for V8 and not for us is what we name as unsupported.
    if (valid && !MortiseError.is(thrown, 'MODULE_UNSUPPORTED')) throw thrown
    return codeOf(thrown)
  }
  const all = combinations(2 ** 24)
  const features = all[random.below(all.length)] ?? { memory: 2 ** 24, deadline: true, fuel: true, dirty: true }
  try {
    const rewritten = rewrite(info, features)
    if (!valid) return 'MODULE_INVALID by V8'
    if (!WebAssembly.validate(rewritten.bytes))
      throw new Error('it was valid before it was rewritten, and is not after')
    return 'valid'
  } catch (thrown) {
    if (valid && MortiseError.is(thrown, 'MODULE_INVALID')) throw thrown
    return codeOf(thrown)
  }
}

function codeOf(thrown: unknown): string {
  if (!MortiseError.is(thrown)) throw thrown
  return thrown.code
}
