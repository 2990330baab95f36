import { leb } from '../../support/wat.ts'

type Bytes = readonly number[]

/** One section: its id and what is in it. */
export type Section = readonly [id: number, ...content: Bytes]

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
const ordered = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]

const text = (name: string): number[] => [name.length, ...Buffer.from(name)]

/** One of everything that instructions name: what they find at index 0 and often at 1 and 2, too. */
const plain: ReadonlyMap<number, Bytes> = new Map([
  // () -> (), (i32) -> (i32), () -> (funcref), (i32) -> ()
  [1, [4, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x70, 0x60, 1, 0x7f, 0]],
  [2, [1, ...text('bench'), ...text('f'), 0, 0]],
  [3, [3, 0, 0, 1]],
  [4, [2, 0x70, 1, 4, 8, 0x6f, 0, 2]],
  [5, [2, 1, 1, 2, 1, 1, 1]],
  [13, [2, 0, 0, 0, 3]],
  [6, [3, 0x7f, 1, 0x41, 0, 0x0b, 0x70, 1, 0xd0, 0x70, 0x0b, 0x7f, 0, 0x41, 7, 0x0b]],
  [7, [1, ...text('run'), 0, 1]],
  [9, [2, 1, 0, 1, 2, 0, 0x41, 0, 0x0b, 1, 2]],
  [12, [1]],
  [10, [3, 2, 0, 0x0b, 2, 0, 0x0b, 4, 0, 0x20, 0, 0x0b]],
  [11, [1, 1, 3, 1, 2, 3]],
])

/** The same with types whose values a collector owns behind its function types: a struct, an array, a continuation. */
const collected = [4, 0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x70, 0x60, 1, 0x7f, 0]
const withTypes = (...types: Bytes): ReadonlyMap<number, Bytes> =>
  new Map([...plain, [1, [(collected[0] ?? 0) + 2, ...collected.slice(1), ...types]]])

const templates: readonly ReadonlyMap<number, Bytes>[] = [
  plain,
  withTypes(0x5f, 1, 0x7f, 1, 0x5e, 0x78, 1),
  withTypes(0x5e, 0x7f, 1, 0x5e, 0x70, 1),
  withTypes(0x5d, 0, 0x5d, 1),
]

/** What is in a section of the first template. */
export const plainSection = (id: number): Bytes => plain.get(id) ?? []

/** How many templates there are; the first is one that Mortise takes. */
export const templateCount: number = templates.length

/** The bytes of a template with other sections in place of its own, or beside them. An empty section is left out. */
export function moduleWith(sections: readonly Section[], template = 0): Uint8Array<ArrayBuffer> {
  const all = new Map(templates[template] ?? plain)
  for (const [id, ...content] of sections) all.set(id, content)
  const ids = [...ordered, ...[...all.keys()].filter((id) => !ordered.includes(id))]
  const parts: number[] = []
  for (const id of ids) {
    const content = all.get(id) ?? []
    if (content.length > 0) parts.push(id, ...leb(content.length), ...content)
  }
  return Uint8Array.from([...header, ...parts])
}

/** A module to be made again and again with other code in one of its functions. */
export class CodeTemplate {
  readonly #scratch = new Uint8Array(1024)
  readonly #before: Uint8Array
  readonly #after: Uint8Array

  constructor(template: number) {
    const whole = moduleWith([[10, 0x55]], template)
    const at = whole.lastIndexOf(0x55)
    this.#before = whole.subarray(0, at - 2)
    this.#after = whole.subarray(at + 1)
    this.#scratch.set(this.#before)
  }

  /**
   * The module in which the function has this code, of less than 100 bytes, and where the code begins in it. The bytes are
   * good until it is asked for the next: there are millions, and memory of its own for each took most of the time.
   */
  module(...code: readonly Bytes[]): { readonly bytes: Uint8Array<ArrayBuffer>; readonly start: number } {
    const bytes = this.#scratch
    const length = code.reduce((sum, part) => sum + part.length, 0)
    let at = this.#before.length
    const put = (part: Bytes): void => {
      for (const byte of part) bytes[at++] = byte
    }
    // Three locals of type i32, so that there is something to name.
    put([10, length + 13, 3, length + 3, 1, 3, 0x7f])
    const start = at
    for (const part of code) put(part)
    put([2, 0, 0x0b, 4, 0, 0x20, 0, 0x0b])
    bytes.set(this.#after, at)
    return { bytes: bytes.subarray(0, at + this.#after.length), start }
  }
}
