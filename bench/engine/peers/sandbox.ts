import type { Bench, Variants } from '../../harness/suite.ts'
import { cases } from '../cases.ts'
import { script } from '../guests.ts'
import { checkOrder, mask, type Order, orders, texts, totals, wrong } from '../work.ts'

/** A sandbox for JavaScript with the functions of `guest.js` in it. All of them take and give numbers or texts. */
export interface Box {
  noop(): unknown
  add(a: number, b: number): unknown
  echo(text: string): unknown
  order(text: string): unknown
  bump(): unknown
  /** True when the guest threw. */
  crash(): boolean
  close(): void
}

/** Makes boxes of one kind. */
export interface Boxes {
  /** A box whose guest was never called. */
  fresh(): Box | Promise<Box>
  /** The same from a source that was never seen before. */
  load(source: string): Box | Promise<Box>
}

/** The benches that all sandboxes for JavaScript have in common, with what the peer makes anew in some of them. */
export function boxCases(
  open: () => Promise<Boxes>,
  made: { readonly cold: string; readonly fresh: string },
): Readonly<Record<string, Variants>> {
  const one = async (): Promise<Box> => (await open()).fresh()
  return {
    [cases.noop]: { '': async () => noop(await one()) },
    [cases.add]: { '': async () => add(await one()) },
    [cases.echo]: { '': async () => echo(await one()) },
    [cases.json]: { '': async () => json(await one()) },
    [cases.cold]: { [made.cold]: async () => load(await open(), false) },
    [cases.warm]: { [made.fresh]: async () => load(await open(), true) },
    [cases.fresh]: { [made.fresh]: async () => fresh(await open()) },
    [cases.trap]: { [made.fresh]: async () => trap(await open()) },
  }
}

function noop(box: Box): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = box.noop()
        if (result !== undefined) wrong(result)
      }
    },
  }
}

function add(box: Box): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) if (box.add(n, 7) !== n + 7) wrong(n)
    },
  }
}

function echo(box: Box): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const text = texts[n & mask] ?? ''
        const answer = box.echo(text)
        if (answer !== text) wrong(answer)
      }
    },
  }
}

/** An object in and out, which travels as JSON. */
function json(box: Box): Bench {
  // oxlint-disable-next-line no-unsafe-type-assertion -- it is the order that was put in
  const handle = (order: Order): Order => JSON.parse(String(box.order(JSON.stringify(order)))) as Order
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

let sources = 0

function load(boxes: Boxes, warm: boolean): Bench {
  const loaded: Box[] = []
  return {
    most: 8,
    async run(count) {
      for (let n = 0; n < count; n++) {
        loaded.push(await (warm ? boxes.fresh() : boxes.load(`${script}\n// ${++sources}`)))
      }
    },
    after() {
      for (const box of loaded.splice(0)) {
        checkOrder(JSON.parse(String(box.order(JSON.stringify(orders[2])))), 2)
        box.close()
      }
    },
  }
}

function fresh(boxes: Boxes): Bench {
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        const box = await boxes.fresh()
        const result = box.bump()
        if (result !== 1) wrong(result)
        box.close()
      }
    },
  }
}

async function trap(boxes: Boxes): Promise<Bench> {
  let box = await boxes.fresh()
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        if (!box.crash()) wrong('no error')
        box.close()
        box = await boxes.fresh()
        const result = box.bump()
        if (result !== 1) wrong(result)
      }
    },
  }
}
