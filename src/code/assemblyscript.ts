import { Worker } from 'node:worker_threads'
import { type Diagnostic, MortiseError, reasonOf } from '../errors.ts'
import { compileFailed } from './refused.ts'

/** What the thread is asked to compile. */
export interface Task {
  /** Path of the file, and of the folder that all of the source lies in. */
  readonly entry: string
  readonly folder: string
}

/** What it answers. */
export type Answer =
  | { readonly wasm: Uint8Array<ArrayBuffer> }
  | { readonly diagnostics: readonly Diagnostic[]; readonly message: string }

/** So many sources may wait. */
const mostWaiting = 100

/** Milliseconds after which the thread is ended, so that the compiler's memory comes back. */
const longestIdle = 30_000

/** MiB that the compiler may take. */
const mostMemory = 1024

/** In a checkout this file and its thread are TypeScript, in the package JavaScript. */
const thread = new URL(`./assemblyscript-thread${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/**
 * The compiler of AssemblyScript in a thread, one source after another. It is started when there is work, keeps the process
 * alive only while there is, and is ended when a source takes it too long.
 */
export class AssemblyScript {
  readonly #longest: number
  #worker: Worker | undefined
  #turn: Promise<unknown> = Promise.resolve()
  #waiting = 0
  #idle: NodeJS.Timeout | undefined

  /** @param longest - milliseconds that one source may take */
  constructor(longest: number) {
    this.#longest = longest
  }

  /** @throws MortiseError `COMPILE_FAILED`, with the compiler's messages as `details.diagnostics` */
  async compile(task: Task): Promise<Uint8Array> {
    if (this.#waiting >= mostWaiting)
      throw compileFailed(`as many wait for the compiler as may, ${mostWaiting}`, { limit: mostWaiting })
    this.#waiting++
    const turn = this.#turn.then(() => this.#compile(task))
    this.#turn = turn.catch(() => {})
    try {
      return await turn
    } finally {
      if (--this.#waiting === 0) this.#rest()
    }
  }

  async #compile(task: Task): Promise<Uint8Array> {
    clearTimeout(this.#idle)
    const worker = (this.#worker ??= this.#start())
    worker.ref()
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const onExit = (code: number): void => reject(new Error(`the thread ended with exit code ${code}`))
    const timer = setTimeout(() => reject(this.#tooLong()), this.#longest)
    worker.on('message', resolve).on('error', reject).on('exit', onExit)
    let answer: Answer
    try {
      worker.postMessage(task)
      answer = await promise
    } catch (error) {
      this.#worker = undefined
      await worker.terminate()
      if (MortiseError.is(error)) throw error
      throw compileFailed(`the compiler itself failed: ${reasonOf(error)}`, { output: reasonOf(error), cause: error })
    } finally {
      clearTimeout(timer)
      worker.off('message', resolve).off('error', reject).off('exit', onExit)
    }
    if ('wasm' in answer) return answer.wasm
    throw refusal(answer)
  }

  #start(): Worker {
    const worker = new Worker(thread, {
      execArgv: [],
      name: 'mortise-assemblyscript',
      resourceLimits: { maxOldGenerationSizeMb: mostMemory },
    })
    const forget = (): void => {
      if (this.#worker === worker) this.#worker = undefined
    }
    return worker.on('error', forget).on('exit', forget)
  }

  #tooLong(): MortiseError {
    const why = `the compiler took longer than ${this.#longest} ms`
    return compileFailed(why, { output: why, limit: this.#longest })
  }

  #rest(): void {
    const worker = this.#worker
    if (worker === undefined) return
    worker.unref()
    this.#idle = setTimeout(() => {
      this.#worker = undefined
      void worker.terminate()
    }, longestIdle).unref()
  }
}

function refusal({ diagnostics, message }: Exclude<Answer, { readonly wasm: unknown }>): MortiseError {
  const lines = diagnostics.map(({ message: said, file, line, column }) =>
    [...[file, line, column].filter((part) => part !== undefined), ` ${said}`].join(':').trim(),
  )
  const output = lines.length === 0 ? message : lines.join('\n')
  return compileFailed(output, { output, diagnostics })
}
