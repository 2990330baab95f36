import type { Bench } from '../../harness/suite.ts'
import { distinct, guest } from '../guests.ts'
import { fresh, orderTexts, totals, wrong } from '../work.ts'
import { instantiate, type RawGuest, views } from './guest.ts'

/** A copy of the memory alone: globals and tables would keep what a call did to them. */
export function copyMemory(pages: number): Bench {
  const { memory, call } = instantiate(new WebAssembly.Module(guest('probe-2-MiB')))
  const touch = call('touch')
  const saved = new Uint8Array(memory.buffer).slice()
  const bytes = new Uint8Array(memory.buffer)
  let sum = 0
  return {
    before() {
      bytes.set(saved)
      sum = 0
    },
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = touch(pages)
        bytes.set(saved)
        if (result !== pages) wrong(result)
      }
    },
    without(count) {
      for (let n = 0; n < count; n++) {
        sum = (sum + pages) | 0
        const result = touch(pages)
        if (result !== sum) wrong(result)
      }
    },
  }
}

/** A new instance for each call, of a module that is compiled. */
export function newInstance(): Bench {
  const module = new WebAssembly.Module(guest('probe'))
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = instantiate(module).call('bump')()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

/** A new instance after each failure. */
export function replaceAfterTrap(): Bench {
  const module = new WebAssembly.Module(guest('probe'))
  let now = instantiate(module)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        try {
          wrong(now.call('crash')())
        } catch (error) {
          if (!(error instanceof WebAssembly.RuntimeError)) throw error
          now = instantiate(module)
        }
        const result = now.call('bump')()
        if (result !== fresh) wrong(result)
      }
    },
  }
}

/** Compile and instantiate, and nothing else: no digest, no check, no checkpoint. Warm, the module is kept. */
export function load(warm: boolean): Bench {
  const bytes = guest('order')
  const kept = new WebAssembly.Module(bytes)
  let sources: Uint8Array<ArrayBuffer>[] = []
  const loaded: RawGuest[] = []
  return {
    most: 32,
    before(count) {
      if (!warm) sources = Array.from({ length: count }, () => distinct(bytes))
    },
    async run(count) {
      for (let n = 0; n < count; n++) {
        loaded.push(instantiate(warm ? kept : await WebAssembly.compile(sources[n] ?? wrong(n))))
      }
    },
    after() {
      for (const one of loaded.splice(0)) check(one)
    },
  }
}

function check({ memory, call }: RawGuest): void {
  const text = orderTexts[2] ?? ''
  const pointer = call('string_new')(text.length * 2)
  views(memory).buffer.write(text, pointer, 'utf16le')
  const at = call('main')(pointer)
  const { buffer, view } = views(memory)
  const answer = buffer.toString('utf16le', at, at + view.getUint32(at - 4, true))
  if (!answer.includes(`"total":${totals[2] ?? ''}`)) wrong(answer)
}
