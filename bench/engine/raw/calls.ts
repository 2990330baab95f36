import type { Bench } from '../../harness/suite.ts'
import { guest } from '../guests.ts'
import { checkOrder, mask, type Order, orders, texts, totals, wrong } from '../work.ts'
import { instantiate, type RawGuest } from './guest.ts'

const probe = (): RawGuest => instantiate(new WebAssembly.Module(guest('probe')))

/** V8 compiles a small export into the loop that calls it, so there is no call at all. */
export function inlinedNoop(): Bench {
  const noop = probe().call('noop')
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result: unknown = noop()
        if (result !== undefined) wrong(result)
      }
    },
  }
}

/** Inside try and catch, where V8 does not: what anyone pays who wants to know that a guest failed. */
export function caughtNoop(): Bench {
  const noop = probe().call('noop')
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        let result: unknown
        try {
          result = noop()
        } catch {
          result = 'trap'
        }
        if (result !== undefined) wrong(result)
      }
    },
  }
}

export function caughtAdd(): Bench {
  const add = probe().call('add')
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        let result
        try {
          result = add(n, 7)
        } catch {
          result = 0
        }
        if (result !== n + 7) wrong(result)
      }
    },
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** TextEncoder and TextDecoder, on views that are made once where that is possible. */
export function echoUtf8(): Bench {
  const { memory, view, call } = probe()
  const echo = call('echo')
  const input = call('input')()
  const room = new Uint8Array(memory.buffer, input, 1024)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const text = texts[n & mask] ?? ''
        const at = echo(input, encoder.encodeInto(text, room).written)
        const answer = decoder.decode(new Uint8Array(memory.buffer, at, view.getUint32(at - 4, true)))
        if (answer !== text) wrong(answer)
      }
    },
  }
}

/** Buffer both ways. */
export function echoUtf16(): Bench {
  const { buffer, view, call } = probe()
  const echo = call('echo')
  const input = call('input')()
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const text = texts[n & mask] ?? ''
        buffer.write(text, input, 'utf16le')
        const at = echo(input, text.length * 2)
        const answer = buffer.toString('utf16le', at, at + view.getUint32(at - 4, true))
        if (answer !== text) wrong(answer)
      }
    },
  }
}

/**
 * The same module as Mortise's row, driven by hand. It has no collector, so a new instance takes its place once its memory
 * has grown by so many pages.
 */
export function json(pages: number): Bench {
  const module = new WebAssembly.Module(guest('order'))
  const start = (): Instance => use(instantiate(module))
  let now = start()
  const full = now.memory.buffer.byteLength + pages * 65_536
  const handle = (order: Order): Order => {
    const text = JSON.stringify(order)
    const pointer = now.newString(text.length * 2)
    if (now.buffer.length === 0) now = { ...now, ...views(now.memory) }
    now.buffer.write(text, pointer, 'utf16le')
    const at = now.main(pointer)
    if (now.buffer.length === 0) now = { ...now, ...views(now.memory) }
    // oxlint-disable-next-line no-unsafe-type-assertion -- it is the order that was put in
    const answer = JSON.parse(now.buffer.toString('utf16le', at, at + now.view.getUint32(at - 4, true))) as Order
    if (now.memory.buffer.byteLength >= full) now = start()
    return answer
  }
  checkOrder(handle(orders[1] ?? wrong(undefined)), 1)
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const { total, items } = handle(orders[n & mask] ?? wrong(undefined))
        if (total !== totals[n & mask] || items.length !== 7) wrong(total)
      }
    },
  }
}

interface Instance extends Pick<RawGuest, 'memory' | 'buffer' | 'view'> {
  newString(bytes: number): number
  main(pointer: number): number
}

const views = ({ buffer }: WebAssembly.Memory): Pick<RawGuest, 'buffer' | 'view'> => {
  return { buffer: Buffer.from(buffer), view: new DataView(buffer) }
}

function use({ memory, buffer, view, call }: RawGuest): Instance {
  return { memory, buffer, view, newString: call('string_new'), main: call('main') }
}
