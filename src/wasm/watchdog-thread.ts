import { parentPort, workerData } from 'node:worker_threads'
import { depthAt, flag, framesAt, parkedAt, wordAt } from './watchdog-words.ts'

/** How often the thread looks, in milliseconds. */
const tick = 1

/** After this many looks at an idle word it parks until a call wakes it. */
const patience = 50

/**
 * How long it stays parked at most, in milliseconds. The caller writes its frame and then looks whether the thread is parked,
 * the thread parks and then looks for frames; a processor may let both miss each other once in a great while.
 */
const longestPark = 100

const words = new Int32Array(toBuffer(workerData))
const never = new Int32Array(new SharedArrayBuffer(4))

/** For every frame the call that was seen there last, and when it was seen first. */
const seen: { call: number; since: number }[] = []

parentPort?.postMessage('watching')
let idle = 0
for (;;) {
  const depth = Atomics.load(words, depthAt)
  for (let frame = 1; frame <= depth; frame++) watch(frame)
  if (depth !== 0) idle = 0
  else if (++idle > patience) park()
  Atomics.wait(never, 0, 0, tick)
}

function watch(frame: number): void {
  const at = framesAt + 2 * frame
  const call = Atomics.load(words, at)
  const deadline = Atomics.load(words, at + 1) / 1000
  // The deadline read is this call's only if the frame still has it. One that was told to end is told already.
  if (call <= 0 || Atomics.load(words, at) !== call) return
  const now = performance.now()
  const last = (seen[frame] ??= { call, since: now })
  if (last.call !== call) {
    last.call = call
    last.since = now
  }
  if (now - last.since < deadline) return
  Atomics.compareExchange(words, at, call, call | flag)
  Atomics.compareExchange(words, wordAt, call, call | flag)
  // It may be asleep.
  Atomics.notify(words, wordAt)
}

function park(): void {
  seen.length = 0
  Atomics.store(words, parkedAt, 1)
  if (Atomics.load(words, depthAt) === 0) Atomics.wait(words, parkedAt, 1, longestPark)
  Atomics.store(words, parkedAt, 0)
  idle = 0
}

function toBuffer(data: unknown): SharedArrayBuffer {
  if (data instanceof SharedArrayBuffer) return data
  throw new TypeError('the watchdog was started without its words')
}
