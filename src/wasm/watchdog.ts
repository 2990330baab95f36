import { Worker } from 'node:worker_threads'
import type { GuestResult } from '../units.ts'
import {
  callBits,
  callStep,
  deadlineAt,
  depthAt,
  flag,
  framesAt,
  highAt,
  lastAt,
  lowAt,
  mostFrames,
  parkedAt,
  wordAt,
} from './watchdog-words.ts'

/**
 * The calls of this thread into guests with a deadline, and the thread that watches them. Made on first use; it keeps no
 * process alive.
 */
export class Watchdog {
  /** What guests import: its first word is the running call. */
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  readonly #words = new Int32Array(this.memory.buffer)
  readonly #started: Promise<void>
  /** What the last function returned that was called with its bracket. */
  readonly result: GuestResult = new WordResult(this.#words)

  constructor() {
    this.#words[lastAt] = 1
    // In a checkout this file and its thread are TypeScript, in the package JavaScript.
    const thread = new URL(`./watchdog-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
    const worker = new Worker(thread, { workerData: this.memory.buffer, execArgv: [], name: 'mortise-watchdog' })
    this.#started = new Promise((resolve, reject) => {
      // Until it runs it keeps the process alive: somebody waits for it.
      worker.once('message', () => {
        worker.unref()
        resolve()
      })
      worker.once('error', reject)
    })
    this.#started.catch(() => {})
  }

  /** Resolves once the thread watches. */
  started(): Promise<void> {
    return this.#started
  }

  /** The number of the call under way; 0 for none. */
  get call(): number {
    return (this.#words[wordAt] ?? 0) & callBits
  }

  /** The call under way was told to end. */
  get expired(): boolean {
    return (this.#words[wordAt] ?? 0) < 0
  }

  /**
   * A call goes on that was suspended: it gets a frame and a number, as a call does that begins.
   *
   * @param micros - how long it may run, in microseconds
   */
  enter(micros: number): number {
    const words = this.#words
    const depth = ((words[depthAt] ?? 0) + 1) & (mostFrames - 1)
    words[depthAt] = depth
    const call = ((words[lastAt] ?? 0) + callStep) & callBits
    words[lastAt] = call
    words[framesAt + 2 * depth] = call
    words[deadlineAt + 2 * depth] = micros
    words[wordAt] = call
    if (words[parkedAt] !== 0) {
      Atomics.store(words, parkedAt, 0)
      Atomics.notify(words, parkedAt)
    }
    return call
  }

  /** A call's frame goes, wherever it is. @returns whether the call was told to end */
  leaveLate(call: number): boolean {
    const words = this.#words
    const depth = words[depthAt] ?? 0
    for (let frame = depth; frame > 0; frame--) {
      const at = framesAt + 2 * frame
      const found = words[at] ?? 0
      if ((found & callBits) !== call) continue
      if (frame < depth) words.copyWithin(at, at + 2, framesAt + 2 * (depth + 1))
      words[depthAt] = depth - 1
      words[wordAt] = words[framesAt + 2 * (depth - 1)] ?? 0
      return found < 0
    }
    return false
  }

  /** The call failed: the one that it was made from goes on, with what it was told meanwhile. Others leave by themselves. */
  leave(): void {
    const words = this.#words
    const depth = ((words[depthAt] ?? 1) - 1) & (mostFrames - 1)
    words[depthAt] = depth
    words[wordAt] = words[framesAt + 2 * depth] ?? 0
  }

  /**
   * Blocks the thread, until the call under way is told to end at the latest. A sleep as long as the deadline ends it without
   * the thread, which a busy machine may keep waiting for longer.
   */
  sleep(milliseconds: number): void {
    const words = this.#words
    const deadline = (words[deadlineAt + 2 * (words[depthAt] ?? 0)] ?? 0) / 1000
    const result = Atomics.wait(words, wordAt, this.call, Math.min(milliseconds, deadline))
    if (result === 'timed-out' && milliseconds >= deadline) this.end()
  }

  /** Tells the call under way to end, wherever the guest looks next. */
  end(): void {
    const words = this.#words
    const ended = this.call | flag
    words[framesAt + 2 * (words[depthAt] ?? 0)] = ended
    words[wordAt] = ended
  }
}

let shared: Watchdog | undefined

/** The watchdog of this thread. */
export function watchdog(): Watchdog {
  return (shared ??= new Watchdog())
}

class WordResult implements GuestResult {
  readonly #words: Int32Array

  constructor(words: Int32Array) {
    this.#words = words
  }

  get low(): number {
    return this.#words[lowAt] ?? 0
  }

  get high(): number {
    return this.#words[highAt] ?? 0
  }
}
