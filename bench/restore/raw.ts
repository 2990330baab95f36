import { type RawGuest, instantiate } from '../engine/raw/guest.ts'
import { fresh, wrong } from '../engine/work.ts'
import type { Bench, Subject, Variants } from '../harness/suite.ts'
import { cases, type Written, written } from './cases.ts'
import { type Size, state } from './guests.ts'

function start(module: WebAssembly.Module): RawGuest {
  const guest = instantiate(module)
  guest.call('_initialize')()
  return guest
}

const compile = (size: Size): WebAssembly.Module => new WebAssembly.Module(state(size))

/** The calls alone, for what the two ways below cost more. */
function plain({ size, pages, apart }: Written): (count: number) => void {
  const touch = start(compile(size)).call('touch')
  let sum = 0
  return (count) => {
    for (let n = 0; n < count; n++) {
      sum = (sum + pages) | 0
      const result = touch(pages, apart * 4096)
      if (result !== sum) wrong(result)
    }
  }
}

/** A copy of the whole memory; globals and tables would keep what a call did to them. */
function copyBench(one: Written): Bench {
  const { memory, call } = start(compile(one.size))
  const touch = call('touch')
  const bytes = new Uint8Array(memory.buffer)
  const saved = bytes.slice()
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = touch(one.pages, one.apart * 4096)
        bytes.set(saved)
        if (result !== one.pages) wrong(result)
      }
    },
    without: plain(one),
  }
}

function instanceBench(one: Written): Bench {
  const module = compile(one.size)
  return {
    most: 16,
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = start(module).call('touch')(one.pages, one.apart * 4096)
        if (result !== one.pages) wrong(result)
      }
    },
    without: plain(one),
  }
}

function freshBench(): Bench {
  const module = compile(1)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = start(module).call('bump')()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

function trapBench(): Bench {
  const module = compile(1)
  let now = start(module)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        try {
          wrong(now.call('crash')())
        } catch (error) {
          if (!(error instanceof WebAssembly.RuntimeError)) throw error
          now = start(module)
        }
        const result = now.call('bump')()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

export const subject: Subject = {
  name: 'raw WebAssembly',
  url: import.meta.url,
  role: 'reference',
  cases: {
    ...Object.fromEntries(
      written.map((one): [string, Variants] => [
        one.name,
        { 'copy of the memory': () => copyBench(one), 'new instance': () => instanceBench(one) },
      ]),
    ),
    [cases.fresh]: { 'new instance': freshBench },
    [cases.trap]: { 'new instance': trapBench },
  },
}
