import { wrong } from '../engine/work.ts'
import type { Bench } from '../harness/suite.ts'
import { source } from './guest.ts'

/** What the module of these benches exports. */
export interface Calls {
  readonly noop: () => void
  readonly add: (sum: Sum) => number
  readonly pass: (sum: Sum) => Sum
}

export interface Sum {
  readonly a: number
  readonly b: number
}

/** The benches of every subject, over its functions. */
export const bench = {
  noop: ({ noop }: Calls): Bench => ({
    run(count) {
      for (let n = 0; n < count; n++) {
        const result: unknown = noop()
        if (result !== undefined) wrong(result)
      }
    },
  }),
  add: ({ add }: Calls): Bench => {
    const sum = { a: 0, b: 7 }
    return {
      run(count) {
        for (let n = 0; n < count; n++) {
          sum.a = n
          if (add(sum) !== n + 7) wrong(n)
        }
      },
    }
  },
  pass: ({ pass }: Calls): Bench => {
    const sums = Array.from({ length: 16 }, (_, a) => ({ a, b: 1 }))
    return {
      run(count) {
        for (let n = 0; n < count; n++) {
          const sum = sums[n & 15] ?? wrong(n)
          if (pass(sum) !== sum) wrong(n)
        }
      },
    }
  },
  /** @param reload - makes a changed module the live one, and gives its `add` */
  reload(bytes: number, typed: boolean, reload: (text: string, version: number) => Promise<Calls['add']>): Bench {
    let version = 0
    let next: string[] = []
    return {
      most: 20,
      before(count) {
        next = Array.from({ length: count }, (_, index) => source(version + index, bytes, typed))
      },
      async run(count) {
        for (let n = 0; n < count; n++) {
          const add = await reload(next[n] ?? wrong(n), version++)
          if (add({ a: n, b: 1 }) !== n + 1) wrong(n)
        }
      },
    }
  },
}
