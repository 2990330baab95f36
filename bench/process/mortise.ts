import { Mortise, MortiseError } from 'mortise'
import { action } from 'mortise/action'
import { childProcess, type ProcessOptions } from 'mortise/process'
import { wrong } from '../engine/work.ts'
import type { Bench, MakeBench, Subject, Variants } from '../harness/suite.ts'
import { cases } from './cases.ts'
import { crashing, inC, inJavaScript } from './guests.ts'

/** Of calls that are under way together, so many make one run: at its end the last ones are alone. */
const stream = 20_000

async function roundTrips(source: Uint8Array, depth: number, options: ProcessOptions): Promise<Bench> {
  const host = new Mortise({ runtimes: [childProcess(options)] })
  const { main } = (await host.plug('echo', source, action)).hooks
  let last = 0
  let time = 0
  const calls = depth === 1 ? 1 : stream
  return {
    ...(depth > 1 && { most: 1 }),
    clock: () => time / calls,
    async run(count) {
      const start = performance.now()
      let left = count * calls
      const one = async (): Promise<void> => {
        while (left-- > 0) {
          const id = ++last
          const answer = await main({ id })
          if (answer['id'] !== id) wrong(answer)
        }
      }
      await Promise.all(Array.from({ length: depth }, one))
      time = performance.now() - start
    },
  }
}

const variants = (depth: number, options: ProcessOptions): Variants => {
  const make =
    (source: () => Uint8Array, spin: boolean): MakeBench =>
    () =>
      roundTrips(source(), depth, { ...options, spin })
  return {
    'program in C': make(inC, true),
    'program in C, no spin': make(inC, false),
    'JavaScript module': make(inJavaScript, true),
    'JavaScript module, no spin': make(inJavaScript, false),
  }
}

function lifeBench(source: Uint8Array): Bench {
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        await using host = new Mortise({ runtimes: [childProcess({ settle: 0 })] })
        const { main } = (await host.plug('echo', source, action)).hooks
        const answer = await main({ id: n })
        if (answer['id'] !== n) wrong(answer)
      }
    },
  }
}

async function restartBench(): Promise<Bench> {
  const host = new Mortise({ runtimes: [childProcess({ settle: 0 })] })
  const { main } = (await host.plug('crashing', crashing(), action)).hooks
  return {
    async run(count) {
      for (let n = 0; n < count; n++) {
        const crashed: unknown = await main({ crash: true }).catch((error: unknown) => error)
        if (!MortiseError.is(crashed, 'PROCESS_ENDED')) wrong(crashed)
        const answer = await main({})
        if (answer['id'] !== 1) wrong(answer)
      }
    },
  }
}

export const subject: Subject = {
  name: 'mortise/process',
  url: import.meta.url,
  role: 'ours',
  cases: {
    [cases.alone]: variants(1, {}),
    [cases.pipelined]: variants(64, { pipeline: 64 }),
    [cases.waiting]: variants(64, {}),
    [cases.start]: { 'program in C': () => lifeBench(inC()), 'JavaScript module': () => lifeBench(inJavaScript()) },
    [cases.restart]: { '': restartBench },
  },
}
