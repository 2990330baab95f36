import { parentPort, workerData } from 'node:worker_threads'
import { deadlineAt, flag, parkedAt, wordAt } from './watchdog-words.ts'

/** How often the thread looks, in milliseconds. */
const tick = 1

/** After this many looks at an idle word it parks until a call wakes it. */
const patience = 50

/**
 * How long it stays parked at most, in milliseconds. The caller writes its word and then looks whether the thread is parked,
 * the thread parks and then looks at the word; a processor may let both miss each other once in a great while.
 */
const longestPark = 100

const words = new Int32Array(toBuffer(workerData))
const never = new Int32Array(new SharedArrayBuffer(4))

/** The calls under way, outermost first, with the time at which each was first seen. */
const seen: { readonly call: number; readonly since: number }[] = []

parentPort?.postMessage('watching')
let idle = 0
for (;;) {
  const word = Atomics.load(words, wordAt)
  if (word > 0) watch(word)
  if (word !== 0) idle = 0
  else if (++idle > patience) park()
  Atomics.wait(never, 0, 0, tick)
}

function watch(call: number): void {
  const now = performance.now()
  while ((seen.at(-1)?.call ?? 0) > call) seen.pop()
  if (seen.at(-1)?.call !== call) seen.push({ call, since: now })
  const deadline = Atomics.load(words, deadlineAt) / 1000
  // The deadline read is this call's only if the word is still the same.
  if (now - (seen.at(-1)?.since ?? now) < deadline || Atomics.load(words, wordAt) !== call) return
  Atomics.compareExchange(words, wordAt, call, call | flag)
}

function park(): void {
  seen.length = 0
  Atomics.store(words, parkedAt, 1)
  if (Atomics.load(words, wordAt) === 0) Atomics.wait(words, parkedAt, 1, longestPark)
  Atomics.store(words, parkedAt, 0)
  idle = 0
}

function toBuffer(data: unknown): SharedArrayBuffer {
  if (data instanceof SharedArrayBuffer) return data
  throw new TypeError('the watchdog was started without its words')
}
