import type { LogLine } from '../../runtime.ts'
import { overran, removed } from '../failure.ts'
import type { Job, ThreadCode } from './job.ts'
import type { Ended } from './messages.ts'
import { type Owner, Thread } from './thread.ts'

/** Milliseconds after which a thread without work is ended, so that its memory comes back. */
const longestIdle = 30_000

interface ThreadsOptions {
  /** How many there may be. */
  readonly most: number
  /** The file that runs in each. */
  readonly file?: URL
}

/**
 * The threads on which WebAssembly runs that takes longer than an event loop can wait: started when there is work, ended when there
 * was none for long. No function has all of them, so that one that never ends keeps no other from running.
 */
export class Threads<Q, A> implements Owner<Q, A> {
  readonly #most: number
  readonly #file: URL
  readonly #threads = new Set<Thread<Q, A>>()
  readonly #idle = new Map<Thread<Q, A>, NodeJS.Timeout>()
  readonly #waiting = new Set<Job<Q, A>>()

  constructor({ most, file = ownFile() }: ThreadsOptions) {
    this.#most = most
    this.#file = file
  }

  /** How many there are. */
  get size(): number {
    return this.#threads.size
  }

  /**
   * Runs a module once.
   *
   * @param request - undefined to see whether it loads
   * @param milliseconds - it has to have ended by then, with the wait for a thread
   * @throws MortiseError `DEADLINE`, `THREAD_ENDED`
   */
  run(code: ThreadCode, request: Q | undefined, milliseconds: number, log: (line: LogLine) => void): Promise<Ended<A>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(job)
        reject(overran(code.name, milliseconds))
      }, milliseconds)
      const job: Job<Q, A> = {
        code,
        request,
        until: performance.now() + milliseconds,
        log,
        resolve,
        reject,
        begun: () => clearTimeout(timer),
      }
      this.#waiting.add(job)
      this.#next()
    })
  }

  /** A module is needed no more: what still runs of it is ended, and what waits. */
  forget(code: ThreadCode): void {
    this.#refuse((job) => job.code === code)
    for (const thread of this.#threads) {
      if (thread.job?.code === code) void thread.end()
      else thread.forget(code)
    }
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    this.#refuse(() => true)
    await Promise.all([...this.#threads].map((thread) => thread.end()))
  }

  free(thread: Thread<Q, A>): void {
    const timer = setTimeout(() => void thread.end(), longestIdle).unref()
    this.#idle.set(thread, timer)
    this.#next()
  }

  lost(thread: Thread<Q, A>): void {
    clearTimeout(this.#idle.get(thread))
    this.#idle.delete(thread)
    this.#threads.delete(thread)
    this.#next()
  }

  #refuse(which: (job: Job<Q, A>) => boolean): void {
    for (const job of this.#waiting) {
      if (!which(job)) continue
      this.#waiting.delete(job)
      job.begun()
      job.reject(removed(job.code.name))
    }
  }

  /** Gives free threads to those who wait. */
  #next(): void {
    for (const job of this.#waiting) {
      if (this.#idle.size === 0 && this.#threads.size >= this.#most) return
      if (this.#running(job.code) >= Math.max(1, this.#most - 1)) continue
      this.#waiting.delete(job)
      job.begun()
      void this.#choose(job.code).run(job)
    }
  }

  #running(code: ThreadCode): number {
    let running = 0
    for (const { job } of this.#threads) if (job?.code === code) running++
    return running
  }

  /** A thread that has loaded the function, one that is idle, or a new one. */
  #choose(code: ThreadCode): Thread<Q, A> {
    const idle = [...this.#idle.keys()]
    const thread = idle.find((known) => known.has(code)) ?? idle[0]
    if (thread === undefined) {
      const started = new Thread<Q, A>(this.#file, this)
      this.#threads.add(started)
      return started
    }
    clearTimeout(this.#idle.get(thread))
    this.#idle.delete(thread)
    return thread
  }
}

/** In a checkout this file and its thread are TypeScript, in the package JavaScript. */
function ownFile(): URL {
  return new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}
