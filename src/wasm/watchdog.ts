import { Worker } from 'node:worker_threads'
import { deadlineAt, flag, parkedAt, wordAt } from './watchdog-words.ts'

/**
 * The calls of this thread into guests with a deadline, and the thread that watches them. Made on first use; it keeps no
 * process alive.
 */
export class Watchdog {
  /** What guests import: its first word is the running call. */
  readonly memory: WebAssembly.Memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  readonly #words = new Int32Array(this.memory.buffer)
  readonly #started: Promise<void>
  #call = 0

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

  /** The word of the call under way, for `leave`; 0 for none. */
  get word(): number {
    return this.#words[wordAt] ?? 0
  }

  get deadline(): number {
    return this.#words[deadlineAt] ?? 0
  }

  /** The call under way was told to end. */
  get expired(): boolean {
    return this.word < 0
  }

  /**
   * A call begins.
   *
   * @param deadline - microseconds
   * @returns the number of the call
   */
  enter(deadline: number): number {
    const words = this.#words
    this.#call = (this.#call + 1) & ~flag || 1
    words[deadlineAt] = deadline
    words[wordAt] = this.#call
    if (words[parkedAt] !== 0) this.#wake()
    return this.#call
  }

  /** A call ends, and the one that it was made from goes on. */
  leave(outer: number, deadline: number): void {
    this.#words[deadlineAt] = deadline
    this.#words[wordAt] = outer
  }

  /** Tells the call under way to end, wherever the guest looks next. */
  end(): void {
    this.#words[wordAt] = this.word | flag
  }

  #wake(): void {
    Atomics.store(this.#words, parkedAt, 0)
    Atomics.notify(this.#words, parkedAt)
  }
}

let shared: Watchdog | undefined

/** The watchdog of this thread. */
export function watchdog(): Watchdog {
  return (shared ??= new Watchdog())
}
