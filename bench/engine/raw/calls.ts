import type { Bench } from '../../harness/suite.ts'
import { guest } from '../guests.ts'
import { checkOrder, mask, type Order, orders, texts, totals, wrong } from '../work.ts'
import { instantiate, type RawGuest, type Views, views } from './guest.ts'

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
  const { memory, call } = probe()
  const { view } = views(memory)
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
  const { memory, call } = probe()
  const { buffer, view } = views(memory)
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

/** V8 counts for each instance by itself how hot its functions are, so they get hot before instances are replaced. */
const warmUp = 10_000

/**
 * The same guest as Mortise's row, driven by hand: without a collector, where a new instance takes its place once its
 * memory has grown by so many pages, or with the incremental collector and one instance for ever.
 */
export function json(name: 'order' | 'order-gc', pages: number): Bench {
  const module = new WebAssembly.Module(guest(name))
  let now = use(instantiate(module))
  const full = now.memory.buffer.byteLength + pages * 65_536
  const handle = (order: Order): Order => {
    const text = JSON.stringify(order)
    const pointer = now.newString(text.length * 2)
    fresh(now).buffer.write(text, pointer, 'utf16le')
    const at = now.main(pointer)
    const { buffer, view } = fresh(now)
    // oxlint-disable-next-line no-unsafe-type-assertion -- it is the order that was put in
    return JSON.parse(buffer.toString('utf16le', at, at + view.getUint32(at - 4, true))) as Order
  }
  const run = (count: number, most: number): void => {
    for (let n = 0; n < count; n++) {
      const { total, items } = handle(orders[n & mask] ?? wrong(undefined))
      if (total !== totals[n & mask] || items.length !== 7) wrong(total)
      if (now.views.buffer.length >= most) now = use(instantiate(module))
    }
  }
  checkOrder(handle(orders[1] ?? wrong(undefined)), 1)
  run(warmUp, 2 ** 31)
  now = use(instantiate(module))
  return { run: (count) => run(count, full) }
}

interface Instance {
  readonly memory: WebAssembly.Memory
  views: Views
  readonly newString: (bytes: number) => number
  readonly main: (pointer: number) => number
}

function use({ memory, call }: RawGuest): Instance {
  return { memory, views: views(memory), newString: call('string_new'), main: call('main') }
}

/** The views, made anew where growth of the memory has detached its old buffer. */
function fresh(instance: Instance): Views {
  if (instance.views.buffer.length === 0) instance.views = views(instance.memory)
  return instance.views
}
