import type { Bench, MakeBench, Subject, Variants } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { type Callee, type Loop, loops, together } from './loops.ts'
import { wrong } from '../engine/work.ts'
import { checkAll, isFirst, questions, type Size } from './work.ts'

/** A guest that is loaded. */
export type Opened = Callee & { readonly close: () => void | Promise<void> }

/** Loads a guest with so many users. */
export type Open = (size: Size) => Opened | Promise<Opened>

/** What a mechanism keeps a guest from, in the words of the table. */
export interface Isolation {
  /** The host survives a guest that crashes. */
  readonly crash: string
  /** The guest cannot reach the host's memory. */
  readonly memory: string
  /** A guest that never returns is ended, and the host goes on. */
  readonly loop: string
  /** Its code and its memory can be had back. */
  readonly unload: string
}

/** One way to call code that is not the host's own. */
export interface Mechanism {
  readonly name: string
  readonly url: string
  readonly role: Subject['role']
  readonly flags?: readonly string[]
  /** The ways in which it is used. */
  readonly variants: Readonly<Record<string, Open>>
  /** It answers through a promise, so that calls may overlap. */
  readonly overlaps?: boolean
  readonly isolation: Isolation
  /** Bytes of what a user ships, with four users in it. */
  readonly artifact: (variant: string) => number
}

/** A subject that says more of itself than times. */
export interface MechanismSubject extends Subject {
  readonly mechanism: Mechanism
}

/** A mechanism as a subject of the harness. */
export function subjectOf(mechanism: Mechanism): MechanismSubject {
  const { name, url, role, flags = [], variants, overlaps = false } = mechanism
  const each = (make: (open: Open) => MakeBench): Variants =>
    Object.fromEntries(Object.entries(variants).map(([variant, open]) => [variant, make(open)]))
  const calls = overlaps ? { ...loops, [cases.together]: together } : loops
  const all = Object.entries(calls).map(([about, loop]): [string, Variants] => {
    return [about, each((open) => called(open, loop, about === cases.thousand ? 1000 : 4))]
  })
  const loads = each((open) => () => loading(open))
  return { name, url, role, flags, cases: { [cases.load]: loads, ...Object.fromEntries(all) }, mechanism }
}

function called(open: Open, loop: Loop, size: Size): MakeBench {
  return async () => {
    const opened = await open(size)
    await checkAll(opened.hooks, size)
    return loop(opened)
  }
}

/** From nothing to the first answer. What was loaded is closed off the clock. */
function loading(open: Open): Bench {
  const loaded: Opened[] = []
  return {
    most: 4,
    async run(count) {
      for (let n = 0; n < count; n++) {
        const opened = await open(4)
        loaded.push(opened)
        const user = await opened.hooks.getUser(questions.id[0] ?? wrong(n))
        if (!isFirst(user)) wrong(user)
      }
    },
    async after() {
      for (const { close } of loaded.splice(0)) await close()
    },
  }
}
