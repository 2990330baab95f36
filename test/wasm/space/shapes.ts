export type Bytes = readonly number[]

/**
 * What stands around an instruction. Behind `unreachable` the stack holds whatever is asked for, and what follows is such that
 * an instruction cut short takes an `end` away or names what is not there: so V8 takes it only as a whole.
 */
const frames: readonly (readonly [before: Bytes, after: Bytes])[] = [
  // Without a result, and with one.
  [[0x00], [0x0b]],
  [[0x00], [0x1a, 0x0b]],
  // A block that the instruction opens; the next is the same with a result.
  [[0x00], [0x0f, 0x0b, 0x0b]],
  [[0x00], [0x0f, 0x0b, 0x1a, 0x0b]],
  // In an `if`, in a `try`, behind its `catch_all`, and in place of a `try`'s end or a function's.
  [
    [0x00, 0x04, 0x40, 0x00],
    [0x0b, 0x0b],
  ],
  [
    [0x06, 0x40, 0x00],
    [0x0b, 0x0b],
  ],
  [
    [0x06, 0x40, 0x00],
    [0x1a, 0x0b, 0x0b],
  ],
  [
    [0x06, 0x40, 0x19],
    [0x0b, 0x0b],
  ],
  [[0x06, 0x40, 0x00], [0x0b]],
  [[0x00], []],
  // In blocks that have results: a reference to a function, or to anything.
  [
    [0x02, 0x70, 0x00],
    [0x0b, 0x1a, 0x0b],
  ],
  [
    [0x02, 0x6e, 0x00],
    [0x0b, 0x1a, 0x0b],
  ],
]

/** Those of one byte, which open and close blocks, stand anywhere; those behind a prefix do not. */
export const framesOf = (opcode: Bytes): typeof frames =>
  opcode.length === 1 ? frames : frames.filter((_, which) => which < 2 || which >= frames.length - 2)

const types = [
  0x40, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x69, 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x71, 0x72, 0x73, 0x74,
]
const few = [0, 1, 2, 3]

const bytes = Array.from({ length: 256 }, (_, byte) => byte)
const zeros = (length: number): Bytes => Array.from({ length }, () => 0)
const byLength = (all: readonly Bytes[]): readonly Bytes[] => all.toSorted((one, other) => one.length - other.length)

/** What may follow any opcode, the shortest first: nothing, indexes, types, lanes, and any first byte. */
export const shapes: readonly Bytes[] = byLength([
  [],
  ...bytes.flatMap((byte) => [[byte], [byte, 0]]),
  ...bytes.slice(0, 0x60).map((byte) => [byte, 0, 0]),
  ...few.flatMap((one) =>
    few.flatMap((other) => [
      [one, other],
      [0x40 | one, other, 0],
      [0x40 | one, other, 0, 1],
      [0, one, other],
    ]),
  ),
  ...few.flatMap((one) =>
    types.flatMap((type) => [
      [one, type],
      [one, 0, type, type],
      [one, 0, 0x6e, type],
    ]),
  ),
  ...[4, 5, 8, 16].map(zeros),
])

/** Those of one byte also take types in two and three, written at length, too; and blocks of catches. */
const shapesOfOneByte: readonly Bytes[] = byLength([
  ...shapes,
  ...bytes.flatMap((byte) => [
    [byte, 0x7f],
    [0x63, byte],
    [0x64, byte],
    [1, 0x63, byte],
    [1, 0x64, byte],
  ]),
  ...few.flatMap((one) =>
    few.flatMap((other) => [
      [0x40, one, other],
      [one, other, 0, 0],
      [0x40, 0, one, other],
    ]),
  ),
  ...bytes.slice(0, 16).flatMap((kind) =>
    few.flatMap((index) => [
      [0x40, 1, kind, index],
      [0x40, 1, kind, index, 0],
      [0, 1, kind, index, 0],
    ]),
  ),
])

/** What may follow an opcode, the shortest first. */
export const shapesOf = (opcode: Bytes): readonly Bytes[] => (opcode.length === 1 ? shapesOfOneByte : shapes)
