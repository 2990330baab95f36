import { MortiseError } from 'mortise'
import { plugBench } from '../support/wat.ts'
import { interleaved } from '../contracts/extension/interleaved.ts'
import { functions, guests, module } from '../wasm/kill-guests.ts'
import { mostUnlike, type Proof } from './proof.ts'

const milliseconds = 20

/** Tries a call; gives the code of its error, or undefined. */
function codeOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (thrown) {
    return MortiseError.is(thrown) ? thrown.code : String(thrown)
  }
}

export const killed: Proof = {
  name: 'kill',
  about: `a guest that does not end by itself is ended after ${milliseconds} ms, and the next call is right`,
  async run({ share, progress }) {
    const rounds = Math.ceil(200 * share)
    const all = Object.entries(guests)
    const unlike: string[] = []
    const over: number[] = []
    let count = 0
    for (const [what, [codes, body, more]] of all) {
      await using plugged = await plugBench(module(body, more), {
        functions,
        wasm: { deadline: `${milliseconds} ms`, sleep: '1 min' },
      })
      for (let round = 0; round < rounds; round++) {
        const start = performance.now()
        const code = codeOf(() => plugged.call('run'))
        const took = performance.now() - start
        if (code === 'DEADLINE') over.push(took - milliseconds)
        const after = plugged.call('fine')
        const right = code !== undefined && [codes].flat().some((wanted) => wanted === code) && after === 1
        if (!right && unlike.length < mostUnlike) unlike.push(`${what}: ended with ${code}, and then ${String(after)}`)
        progress(++count, rounds * all.length)
      }
    }
    over.sort((a, b) => a - b)
    const at = (share: number): string =>
      (over[Math.min(over.length - 1, Math.floor(over.length * share))] ?? 0).toFixed(2)
    const note = `${all.length} guests; of ${over.length} ended by the deadline, beyond it: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, worst ${at(1)} ms`
    return { count, of: 'calls', unlike, note }
  },
}

export const failing: Proof = {
  name: 'fail',
  about: 'calls that fail, one after the other, and then one that is right',
  async run({ share, progress }) {
    const calls = Math.ceil(100_000 * share)
    const unlike: string[] = []
    await using plugged = await plugBench(module('unreachable'), { functions })
    for (let call = 0; call < calls; call++) {
      const code = codeOf(() => plugged.call('run'))
      if (code !== 'TRAP_UNREACHABLE' && unlike.length < mostUnlike) unlike.push(`call ${call} ended with ${code}`)
      if (call % 1000 === 0) progress(call, calls)
    }
    const after = plugged.call('fine')
    if (after !== 1) unlike.push(`the call after all of them gave ${String(after)}`)
    const { errors } = plugged.plugin.stats()
    if (errors !== calls) unlike.push(`${errors} errors are counted`)
    return { count: calls, of: 'calls', unlike }
  },
}

export const raced: Proof = {
  name: 'race',
  about: 'short calls under a deadline of 2 ms, and some that overrun: none is ended before its time',
  async run({ share, progress }) {
    const deadline = 2
    const calls = Math.ceil(5_000_000 * share)
    const unlike: string[] = []
    let overrun = 0
    let slow = 0
    await using plugged = await plugBench(module('(loop (br 0))'), { functions, wasm: { deadline: `${deadline} ms` } })
    for (let call = 1; call <= calls; call++) {
      const start = performance.now()
      const code = codeOf(() => plugged.call('fine'))
      if (code !== undefined) {
        // The machine may leave this thread waiting for longer than the deadline: then it is no innocent call.
        const took = performance.now() - start
        if (code === 'DEADLINE' && took >= deadline) slow++
        else if (unlike.length < mostUnlike)
          unlike.push(`short call ${call} ended with ${code} after ${took.toFixed(3)} ms`)
      }
      if (call % 10_000 !== 0) continue
      progress(call, calls)
      overrun++
      const ended = codeOf(() => plugged.call('run'))
      if (ended !== 'DEADLINE' && unlike.length < mostUnlike) unlike.push(`endless call ${overrun} ended with ${ended}`)
    }
    return {
      count: calls,
      of: 'calls',
      unlike,
      note: `${overrun} endless calls between them; ${slow} short ones took longer than 2 ms by the clock`,
    }
  },
}

export const suspended: Proof = {
  name: 'suspend',
  about:
    'calls that are suspended again and again, and answered in a random order over 8 instances, give what they have to',
  async run({ seed, share, progress }) {
    const rounds = Math.ceil(20 * share)
    const unlike: string[] = []
    let waits = 0
    for (let round = 0; round < rounds; round++) {
      const outcome = await interleaved(seed + round, 10_000)
      unlike.push(...outcome.unlike)
      waits += outcome.suspensions
      progress(round + 1, rounds)
    }
    const count = rounds * 10_000
    return {
      count,
      of: 'calls',
      unlike: unlike.slice(0, mostUnlike),
      note: `${waits.toLocaleString('en')} suspensions`,
    }
  },
}
