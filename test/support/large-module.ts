import { assemble, type Line } from '../../src/wasm/binary/assemble.ts'
import { Writer } from '../../src/wasm/binary/writer.ts'

/** Rounds of a loop in each function: bodies of about 1 KB, as compilers make them. */
const rounds = 24

/**
 * A module of at least so many bytes, with code as compilers write it: loops, loads, stores, calls, a name for each
 * function. `work(n)` runs all of it, and `noop()` nothing.
 *
 * @param bytes - how large it has to be
 * @param seed - modules of different seeds are different
 */
export function largeModule(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const next = numbers(seed)
  const bodies: Writer[] = [new Writer().sized((out) => out.u32(0).u8(0x0b))]
  let size = 0
  while (size < bytes) {
    const body = new Writer().sized((out) => code(out, bodies.length - 1, next))
    // With its entry in the name section.
    size += body.length + 14
    bodies.push(body)
  }
  const last = bodies.length - 1
  const out = new Writer().u8(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  const section = (id: number, build: (body: Writer) => void): void => void out.u8(id).sized(build)
  section(1, (body) => body.u32(2).u8(0x60, 0, 0, 0x60, 1, 0x7f, 1, 0x7f))
  section(3, (body) => {
    body.u32(bodies.length)
    for (const index of bodies.keys()) body.u32(index === 0 ? 0 : 1)
  })
  section(5, (body) => body.u32(1).u8(0).u32(1))
  section(7, (body) => body.u32(2).name('noop').u8(0).u32(0).name('work').u8(0).u32(last))
  section(10, (body) => {
    body.u32(bodies.length)
    for (const each of bodies) body.raw(each.bytes())
  })
  section(0, (body) => {
    body.name('name').u8(1)
    body.sized((names) => {
      names.u32(bodies.length)
      for (const index of bodies.keys()) names.u32(index).name(`function${index}`)
    })
  })
  return out.bytes()
}

/** A body that works on its number, and calls the function before it. */
function code(out: Writer, callee: number, next: () => number): void {
  const [value, count] = [0, 1]
  out.u32(1).u32(1).u8(0x7f)
  const lines: Line[] = []
  for (let round = 0; round < rounds; round++) {
    const address = 4 * (next() % 4096)
    lines.push(['i32.const', 1 + (next() % 3)], ['local.set', count], 'loop')
    lines.push(['i32.const', address], ['i32.const', address], ['i32.load', 0], ['local.get', value], 'i32.add')
    lines.push(['i32.const', next()], 'i32.or', ['i32.store', 0])
    lines.push(['local.get', value], ['i32.const', 4 * (next() % 4096)], ['i32.load', 0], 'i32.add')
    lines.push(['local.set', value], ['local.get', count], ['i32.const', 1], 'i32.sub', ['local.tee', count])
    lines.push(['br_if', 0], 'end')
  }
  lines.push(['local.get', value])
  // The first one does nothing and takes nothing; a chain of all would be deeper than the stack.
  if (callee % 100 !== 0) lines.push(['call', callee])
  assemble(out, ...lines)
  out.u8(0x0b)
}

/** Numbers of 31 bits, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff)
}
