import { Worker } from 'node:worker_threads'
import { type Diagnostic, type ErrorCode, MortiseError, reasonOf } from '../errors.ts'
import type { Build } from './build.ts'
import type { BuildOptions } from './options.ts'

/** What the thread is asked to compile. */
export interface Task {
  readonly entry: string
  readonly options: ResidentOptions
}

/** What it answers. */
export type Answer =
  | { readonly built: Build & { readonly wasm: Uint8Array<ArrayBuffer> } }
  | {
      readonly failed: {
        readonly code: ErrorCode
        readonly message: string
        readonly diagnostics: readonly Diagnostic[]
      }
    }

/** Options of a build that another thread can be told. */
export type ResidentOptions = Omit<BuildOptions, 'contract'> & {
  readonly contract?: Extract<BuildOptions['contract'], string>
}

/** How long a compiler works and rests, in milliseconds. */
export interface ResidentTimes {
  /** One source may take it so long. */
  readonly longest: number
  /** It is ended after so long without work, so that its memory comes back; `Infinity` for never. */
  readonly idle: number
}

/** MiB that the compiler may take. */
const mostMemory = 1024

/** In a checkout this file and its thread are TypeScript, in the package JavaScript. */
const thread = new URL(`./resident-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/**
 * The compiler in a thread, one source after another: it stays loaded, and grows quick. It is started when there is work, keeps the
 * process alive only while there is, and is ended when a source takes it too long.
 */
export class ResidentCompiler implements AsyncDisposable {
  readonly #times: ResidentTimes
  #worker: Worker | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #idle: NodeJS.Timeout | undefined

  constructor(times: ResidentTimes) {
    this.#times = times
  }

  /** How many sources it has before it, that at work among them. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Builds as `build` does.
   *
   * @throws MortiseError what `build` throws; `BUILD_FAILED` also where the compiler takes too long (`details.limit`) or its thread ends
   */
  async build(entry: string, options: ResidentOptions = {}): Promise<Build> {
    this.#waiting++
    const turn = this.#turn.then(() => this.#build({ entry, options }))
    this.#turn = turn.catch(() => {})
    try {
      return await turn
    } finally {
      if (--this.#waiting === 0) this.#rest()
    }
  }

  /** Ends the thread; what is under way fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle)
    await this.#worker?.terminate()
  }

  async #build(task: Task): Promise<Build> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#start())
    worker.ref()
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const onExit = (code: number): void => reject(new Error(`the thread ended with exit code ${code}`))
    const timer = setTimeout(() => reject(this.#tooLong(task)), this.#times.longest)
    worker.on('message', resolve).on('error', reject).on('exit', onExit)
    let answer: Answer
    try {
      worker.postMessage(task)
      answer = await promise
    } catch (cause) {
      this.#worker = undefined
      await worker.terminate()
      if (MortiseError.is(cause)) throw cause
      throw failed(task, `the compiler itself failed: ${reasonOf(cause)}`, { cause })
    } finally {
      clearTimeout(timer)
      worker.off('message', resolve).off('error', reject).off('exit', onExit)
    }
    if ('built' in answer) return answer.built
    const { code, message, diagnostics } = answer.failed
    throw new MortiseError(code, message, { diagnostics })
  }

  #start(): Worker {
    const worker = new Worker(thread, {
      execArgv: [],
      name: 'mortise-compiler',
      resourceLimits: { maxOldGenerationSizeMb: mostMemory },
    })
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined
    }
    return worker.on('error', forget).on('exit', forget)
  }

  #tooLong(task: Task): MortiseError {
    const { longest } = this.#times
    return failed(task, `the compiler took longer than ${longest} ms`, { limit: longest })
  }

  #rest(): void {
    const worker = this.#worker
    if (worker === undefined) return
    worker.unref()
    if (this.#times.idle === Infinity) return
    this.#idle = setTimeout(() => {
      this.#worker = undefined
      void worker.terminate()
    }, this.#times.idle).unref()
  }
}

function failed(
  { entry }: Task,
  why: string,
  details: { readonly limit?: number; readonly cause?: unknown },
): MortiseError {
  return new MortiseError('BUILD_FAILED', `Cannot build '${entry}': ${why}`, details)
}
