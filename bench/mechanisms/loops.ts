import { wrong } from '../engine/work.ts'
import type { Bench } from '../harness/suite.ts'
import { cases } from './cases.ts'
import type { Hooks } from './work.ts'
import { isFirst, isGroups, isNobody, isOne, isThousand, questions } from './work.ts'

/** What is called over and over. */
export type Callee =
  | { readonly mode: 'sync'; readonly hooks: Hooks<'sync'> }
  | { readonly mode: 'async'; readonly hooks: Hooks<'async'> }

/** Makes the loop of one case. */
export type Loop = (callee: Callee) => Bench

const { id, missing, claim, query, all } = questions

/** Every case that is calls of one hook. Each result is checked inside the loop. */
export const loops: Readonly<Record<string, Loop>> = {
  [cases.getUser]: ({ mode, hooks }) =>
    mode === 'sync' ? inPlace(hooks.getUser, id, isFirst) : promised(hooks.getUser, id, isFirst),
  [cases.byClaim]: ({ mode, hooks }) =>
    mode === 'sync' ? inPlace(hooks.getUserByClaim, claim, isFirst) : promised(hooks.getUserByClaim, claim, isFirst),
  [cases.groups]: ({ mode, hooks }) =>
    mode === 'sync' ? inPlace(hooks.getUserGroups, id, isGroups) : promised(hooks.getUserGroups, id, isGroups),
  [cases.find]: ({ mode, hooks }) =>
    mode === 'sync' ? inPlace(hooks.findUsers, query, isOne) : promised(hooks.findUsers, query, isOne),
  [cases.missing]: ({ mode, hooks }) =>
    mode === 'sync' ? inPlace(hooks.getUser, missing, isNobody) : promised(hooks.getUser, missing, isNobody),
  [cases.thousand]: ({ mode, hooks }) =>
    mode === 'sync' ? inPlace(hooks.findUsers, all, isThousand) : promised(hooks.findUsers, all, isThousand),
}

/** 64 calls before the first answer is awaited, of mechanisms that answer through a promise. */
export const together: Loop = ({ mode, hooks }) => {
  if (mode === 'sync') throw new Error('it answers in place')
  const calls = Array.from({ length: 64 })
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        const users = await Promise.all(calls.map((_, index) => hooks.getUser(input(id, index))))
        for (const user of users) if (!isFirst(user)) wrong(user)
      }
    },
  }
}

function inPlace<P, R>(call: (params: P) => R, inputs: readonly P[], fits: (result: R) => boolean): Bench {
  return {
    run(count) {
      for (let n = 0; n < count; n++) {
        const result = call(input(inputs, n))
        if (!fits(result)) wrong(result)
      }
    },
  }
}

function promised<P, R>(call: (params: P) => Promise<R>, inputs: readonly P[], fits: (result: R) => boolean): Bench {
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        const result = await call(input(inputs, n))
        if (!fits(result)) wrong(result)
      }
    },
  }
}

const input = <P>(inputs: readonly P[], n: number): P => inputs[n & 3] ?? wrong(n)
