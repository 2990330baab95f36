import { Worker } from 'node:worker_threads'
import { type ErrorCode, type ErrorDetails, MortiseError } from '../errors.ts'
import type { Features, Rewritten } from './rewrite/rewrite.ts'

/** What the thread is asked: the bytes are its own. */
export interface Task {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly features: Features
}

/** What it answers: nothing for a module that is not valid; an error as its parts, for a copy of it would be none of ours. */
export type Answer =
  | { readonly rewritten: Rewritten | undefined }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails } }

interface Job extends Task {
  readonly resolve: (rewritten: Rewritten | undefined) => void
  readonly reject: (error: MortiseError) => void
}

interface RewriterOptions {
  /** The file that runs in the thread. */
  readonly thread: URL
  /** Milliseconds that one module may take. */
  readonly longest: number
  /** How many modules may wait. */
  readonly most: number
}

/** So many modules may wait. They are held by those who wait, and copied one at a time. */
const mostWaiting = 1024

/** Milliseconds that one module may take: 10 MB take about one second. */
const longestWork = 60_000

/** Milliseconds after which a thread without work is ended, so that its memory comes back. */
const longestIdle = 30_000

/**
 * The thread that validates and rewrites large modules, one after the other. It is started when there is work, keeps the
 * process alive only while there is, and is started anew when it was lost.
 */
export class Rewriter {
  readonly #thread: URL
  readonly #longest: number
  readonly #most: number
  readonly #waiting: Job[] = []
  #worker: Worker | undefined
  #job: Job | undefined
  /** Ends what takes too long: the job under way, or the wait for one. */
  #timer: NodeJS.Timeout | undefined

  constructor({ thread = ownThread(), longest = longestWork, most = mostWaiting }: Partial<RewriterOptions> = {}) {
    this.#thread = thread
    this.#longest = longest
    this.#most = most
  }

  /**
   * Validates and rewrites a module; see `rewriteValid`. The bytes are copied.
   *
   * @throws MortiseError what the rewriter refuses, and `PREPARE_FAILED` when the thread is lost or too much waits for it
   */
  rewrite(bytes: Uint8Array<ArrayBuffer>, features: Features): Promise<Rewritten | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= this.#most) {
        reject(failed(`as many wait already as may, ${this.#most}; plug fewer at a time`))
        return
      }
      this.#waiting.push({ bytes, features, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    if (this.#job !== undefined) return
    clearTimeout(this.#timer)
    const job = this.#waiting.shift()
    if (job === undefined) {
      this.#rest()
      return
    }
    this.#job = job
    try {
      const worker = (this.#worker ??= this.#start())
      worker.ref()
      const bytes = job.bytes.slice()
      worker.postMessage({ bytes, features: job.features } satisfies Task, [bytes.buffer])
      this.#timer = setTimeout(() => {
        this.#lose(worker, `was ended after ${this.#longest} ms`)
      }, this.#longest)
    } catch (cause) {
      this.#lose(this.#worker, 'could not be started', cause)
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#thread, { execArgv: [], name: 'mortise-rewriter' })
    worker.on('message', (answer: Answer) => {
      const job = this.#job
      if (worker !== this.#worker || job === undefined) return
      this.#job = undefined
      if ('error' in answer) {
        const { code, message, details } = answer.error
        job.reject(new MortiseError(code, message, details))
      } else job.resolve(answer.rewritten)
      this.#next()
    })
    worker.on('error', (cause) => this.#lose(worker, 'failed', cause))
    worker.on('exit', (code) => this.#lose(worker, `ended with exit code ${code}`))
    return worker
  }

  /** Does without the thread; the next module gets another. */
  #lose(worker: Worker | undefined, why: string, cause?: unknown): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    void worker?.terminate()
    const job = this.#job
    this.#job = undefined
    job?.reject(failed(`the thread that does it ${why}`, cause))
    this.#next()
  }

  #rest(): void {
    const worker = this.#worker
    if (worker === undefined) return
    worker.unref()
    this.#timer = setTimeout(() => {
      this.#worker = undefined
      void worker.terminate()
    }, longestIdle).unref()
  }
}

function failed(why: string, cause?: unknown): MortiseError {
  return new MortiseError('PREPARE_FAILED', `Cannot rewrite the module: ${why}`, cause === undefined ? {} : { cause })
}

/** In a checkout this file and its thread are TypeScript, in the package JavaScript. */
function ownThread(): URL {
  return new URL(`./rewriter-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}

let shared: Rewriter | undefined

/** The rewriter of this thread. */
export function rewriter(): Rewriter {
  return (shared ??= new Rewriter())
}
