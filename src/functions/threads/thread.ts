import { Worker } from 'node:worker_threads'
import { MortiseError, reasonOf } from '../../errors.ts'
import { overran } from '../failure.ts'
import type { Job, ThreadCode } from './job.ts'
import type { Order, Report } from './messages.ts'

/** A guest ends itself when its time is over. A thread that has not said so after so many milliseconds more is ended. */
const patience = 1000

/** What the pool that a thread belongs to is told. */
export interface Owner<Q, A> {
  /** It has no job any more. */
  free(thread: Thread<Q, A>): void
  /** It is gone. */
  lost(thread: Thread<Q, A>): void
}

/** One thread, which runs one activation at a time. */
export class Thread<Q, A> {
  readonly #worker: Worker
  readonly #owner: Owner<Q, A>
  readonly #codes = new Map<ThreadCode, number>()
  #last = 0
  #job: Job<Q, A> | undefined
  #timer: NodeJS.Timeout | undefined
  #open = true

  /** @param file - what runs in it */
  constructor(file: URL, owner: Owner<Q, A>) {
    this.#owner = owner
    this.#worker = new Worker(file, { execArgv: [], name: 'mortise-functions' })
    this.#worker.unref()
    this.#worker.on('message', (report: Report<A>) => this.#hear(report))
    this.#worker.on('error', (cause) => this.#lose(`the thread that it ran on failed: ${reasonOf(cause)}`, cause))
    this.#worker.on('exit', (code) => this.#lose(`the thread that it ran on ended with exit code ${code}`))
  }

  get job(): Job<Q, A> | undefined {
    return this.#job
  }

  has(code: ThreadCode): boolean {
    return this.#codes.has(code)
  }

  /** Runs a job, of which it has none. */
  async run(job: Job<Q, A>): Promise<void> {
    const { code, request, until } = job
    this.#job = job
    // Somebody waits for it.
    this.#worker.ref()
    const left = until - performance.now()
    this.#timer = setTimeout(() => this.#end(overran(code.name, left)), Math.max(left, 0) + patience)
    try {
      const number = this.#codes.get(code) ?? (await this.#load(code))
      if (this.#job !== job) return
      const milliseconds = Math.max(1, Math.floor(until - performance.now()))
      this.#tell({ run: number, request, milliseconds })
    } catch (error) {
      if (this.#job !== job) return
      this.#free()
      job.reject(error instanceof Error ? error : new Error(reasonOf(error)))
    }
  }

  forget(code: ThreadCode): void {
    const number = this.#codes.get(code)
    if (number === undefined) return
    this.#codes.delete(code)
    this.#tell({ unload: number })
  }

  /** Ends it; a job of it fails. */
  async end(): Promise<void> {
    this.#lose('the thread that it ran on was ended')
    await this.#worker.terminate()
  }

  async #load(code: ThreadCode): Promise<number> {
    const { name, protocol, config, deadline, memory, output } = code
    const bytes = await code.bytes()
    const number = ++this.#last
    this.#codes.set(code, number)
    this.#tell({ load: number, name, protocol, bytes, config, deadline, memory, output })
    return number
  }

  #tell(order: Order<Q>): void {
    if (this.#open) this.#worker.postMessage(order)
  }

  #hear(report: Report<A>): void {
    const job = this.#job
    if (job === undefined) return
    if ('log' in report) {
      job.log(report.log)
      return
    }
    // What does not load is not kept, so that the next one tries once more.
    if (!report.loaded) this.forget(job.code)
    this.#free()
    job.resolve(report)
  }

  #free(): void {
    clearTimeout(this.#timer)
    this.#job = undefined
    this.#worker.unref()
    this.#owner.free(this)
  }

  #end(error: Error): void {
    const job = this.#job
    this.#job = undefined
    job?.reject(error)
    void this.end()
  }

  #lose(why: string, cause?: unknown): void {
    if (!this.#open) return
    this.#open = false
    clearTimeout(this.#timer)
    const job = this.#job
    this.#job = undefined
    this.#owner.lost(this)
    job?.reject(
      new MortiseError('THREAD_ENDED', `Cannot finish '${job.code.name}': ${why}. Run it again`, {
        plugin: job.code.name,
        ...(cause !== undefined && { cause }),
      }),
    )
  }
}
