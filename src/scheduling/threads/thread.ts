import { Worker } from 'node:worker_threads'
import { MortiseError, reasonOf } from '../../errors.ts'
import type { Order, Report, Start } from './messages.ts'

type Reasons = Extract<Report, { readonly job: number }>['reasons']

/** One worker thread. Once it has ended, for whatever reason, it takes part in nothing more. */
export class Thread {
  readonly index: number
  readonly #worker: Worker
  readonly #jobs = new Map<number, (reasons: Reasons) => void>()
  readonly #said: (report: Report) => void
  readonly #ready: PromiseWithResolvers<void> = Promise.withResolvers()
  alive = true

  private constructor(start: Start, said: (report: Report) => void) {
    this.index = start.index
    this.#said = said
    const file = new URL(`./thread-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
    this.#worker = new Worker(file, { workerData: start, name: `mortise-${start.name}` })
    this.#worker.on('message', (report: Report) => this.#hear(report))
    this.#worker.on('exit', () => this.#ended(new Error('it ended')))
    this.#worker.on('error', (error) => this.#ended(error))
  }

  /** Starts one, and has it load the plugin. */
  static async start(start: Start, said: (report: Report) => void): Promise<Thread> {
    const thread = new Thread(start, said)
    try {
      await thread.#ready.promise
    } catch (cause) {
      throw new MortiseError('THREAD_ENDED', `Cannot start a thread for plugin '${start.name}': ${reasonOf(cause)}`, {
        plugin: start.name,
        cause,
      })
    }
    // From now on it keeps the process alive only while somebody waits for it.
    thread.#worker.unref()
    return thread
  }

  tell(order: Order): void {
    this.#worker.postMessage(order)
  }

  /** Resolves once it has told of a job, or has ended. */
  job(number: number): Promise<Reasons> {
    if (!this.alive) return Promise.resolve([])
    const { promise, resolve } = Promise.withResolvers<Reasons>()
    this.#jobs.set(number, resolve)
    this.#worker.ref()
    return promise
  }

  async end(): Promise<void> {
    // Somebody waits for its end.
    this.#worker.ref()
    await this.#worker.terminate()
  }

  #hear(report: Report): void {
    if ('job' in report) this.#settle(report.job, report.reasons)
    else if ('ready' in report) this.#ready.resolve()
    else this.#said(report)
  }

  #settle(job: number, reasons: Reasons): void {
    this.#jobs.get(job)?.(reasons)
    this.#jobs.delete(job)
    if (this.#jobs.size === 0) this.#worker.unref()
  }

  #ended(error: unknown): void {
    this.alive = false
    this.#ready.reject(error)
    for (const settle of this.#jobs.values()) settle([])
    this.#jobs.clear()
  }
}
