import { AsyncStateKind, type AsyncStorage, type Row } from 'mortise/extension'
import { key } from './mock.ts'
import { plugAsync } from './waiting.ts'

interface Job {
  readonly id: number
  readonly steps: number
}

/** Asks `steps` times for a number and adds them up, with its identifier in a frame of its stack in memory all the while. */
const work = `(local $steps i32) (local $sum i32) (local $frame i32)
  (local.set $a (call $hostGetValue ${key('sys.Job')}))
  (global.set $sp (i32.sub (global.get $sp) (i32.const 16)))
  (local.set $frame (global.get $sp))
  (i32.store (local.get $frame) (call $hostValueAsInt32 (local.get $a) 'id'))
  (local.set $steps (call $hostValueAsInt32 (local.get $a) 'steps'))
  (block $done (loop $next
    (br_if $done (i32.eqz (local.get $steps)))
    (local.set $a (call $hostGetValue ${key('sys.Wait')}))
    (local.set $sum (i32.add (local.get $sum) (call $hostValueAsInt32 (local.get $a) 'x')))
    (if (i32.ne (global.get $sp) (local.get $frame)) (then (unreachable)))
    (local.set $steps (i32.sub (local.get $steps) (i32.const 1)))
    (br $next)))
  (local.set $b (call $hostNewValue ${key('sys.Job')}))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'id' (i32.load (local.get $frame)))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'sum' (local.get $sum))
  (global.set $sp (i32.add (global.get $sp) (i32.const 16)))`

/** Numbers from 0 to below `below`, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/**
 * Makes calls that are suspended again and again, and answers what they wait for in a random order; some answers are failures.
 *
 * @param seed - the same seed gives the same order
 * @param count - how many calls there are
 * @returns what is not as it has to be, and how often a guest was suspended
 */
export async function interleaved(
  seed: number,
  count: number,
): Promise<{ readonly unlike: readonly string[]; readonly suspensions: number }> {
  const below = random(seed)
  const unlike: string[] = []
  const waiting: (() => void)[] = []
  let suspensions = 0
  const numberOf = ({ id }: Job, step: number): number => id * 7 + step * step
  const steps = new Map<Job, number>()
  const broken = new Map<Job, Error>()
  const wait: AsyncStorage<Job> = {
    async: true,
    get(_key, job) {
      suspensions++
      const step = (steps.get(job) ?? 0) + 1
      steps.set(job, step)
      const { promise, resolve, reject } = Promise.withResolvers<Row>()
      waiting.push(() => {
        if (below(50) > 0) return resolve({ x: numberOf(job, step) })
        const error = new Error(`job ${job.id} breaks`)
        broken.set(job, error)
        return reject(error)
      })
      return promise
    },
  }
  const kind = new AsyncStateKind<Job>({
    name: 'Jobs',
    storages: { 'sys.Wait': wait, 'sys.Job': { get: (_key, job) => ({ ...job }), insert: () => undefined } },
  })
  await using guest = await plugAsync({ work }, { limits: { instances: 8, queue: 64 } })
  const run = async (job: Job): Promise<void> => {
    const state = kind.open(job)
    try {
      await guest.call('work', state)
    } catch (error) {
      const cause = error instanceof Error ? error.cause : error
      if (cause !== broken.get(job) || cause === undefined) unlike.push(`job ${job.id} failed: ${String(error)}`)
      if (state.intents.length > 0) unlike.push(`job ${job.id} failed and left intents`)
      return
    }
    let sum = 0
    for (let step = 1; step <= job.steps; step++) sum += numberOf(job, step)
    const fields = JSON.stringify(Object.fromEntries(state.intents[0]?.fields ?? []))
    if (broken.has(job) || fields !== JSON.stringify({ id: job.id, sum })) unlike.push(`job ${job.id} gave ${fields}`)
  }
  const running = new Set<Promise<void>>()
  for (let id = 0; id < count || running.size > 0;) {
    if (id < count && running.size < 40 && below(3) > 0) {
      const job = run({ id, steps: below(8) }).finally(() => running.delete(job))
      running.add(job)
      id++
    } else if (waiting.length > 0) {
      waiting.splice(below(waiting.length), 1)[0]?.()
      // Now and then answers come together.
      if (below(4) > 0) await Promise.resolve()
    } else await new Promise(setImmediate)
  }
  return { unlike, suspensions }
}
