import { Worker } from 'node:worker_threads'
import { callBits, deadlineAt, depthAt, flag, framesAt, mostFrames, wordAt } from './watchdog-words.ts'

/**
 * The calls of this thread into guests with a deadline, and the thread that watches them. Made on first use; it keeps no
 * process alive.
 */
export class Watchdog {
  /** What guests import: its first word is the running call. */
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  readonly #words = new Int32Array(this.memory.buffer)
  readonly #started: Promise<void>

  constructor() {
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
