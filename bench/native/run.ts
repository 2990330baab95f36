import { wrong } from '../engine/work.ts'
import type { Bench } from '../harness/suite.ts'
import { checkUser, ids, runUsers, type User, type UserId } from './user.ts'

/** The functions of the library for those who call them by hand. */
export interface CFunctions {
  readonly seven: () => number
  readonly add: (a: number, b: number) => number
  readonly measure: (text: string) => number
  readonly name: () => string
  readonly init: (arena: bigint) => void
  readonly getUser: () => number
}

const forty = Array.from({ length: 16 }, (_, index) => `${index.toString(16)} text of forty characters, all in ASCII`)

/** How each case is run, whoever calls C. */
export const bench = {
  none: (seven: () => number): Bench => ({
    run(count) {
      for (let n = 0; n < count; n++) if (seven() !== 7) wrong(n)
    },
  }),
  add: (add: (a: number, b: number) => number): Bench => ({
    run(count) {
      for (let n = 0; n < count; n++) if (add(n, 7) !== n + 7) wrong(n)
    },
  }),
  textIn: (measure: (text: string) => number): Bench => ({
    run(count) {
      for (let n = 0; n < count; n++) if (measure(forty[n & 15] ?? '') !== 40) wrong(n)
    },
  }),
  textOut: (text: () => string | undefined): Bench => ({
    run(count) {
      for (let n = 0; n < count; n++) {
        const got = text()
        if (got?.length !== 40 || got !== 'a text of forty characters, all in ASCII') wrong(got)
      }
    },
  }),
  user(getUser: (id: UserId) => User | undefined): Bench {
    checkUser(getUser(ids[3] ?? wrong(0)))
    return { run: (count) => runUsers(count, getUser) }
  },
} as const
