import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Round } from './measure.ts'
import type { Subject } from './suite.ts'
import type { Answer, Order } from './worker.ts'

/** What takes longer than this hangs. */
const timeout = 60_000

/** One bench in its own process: a crash is an error of this row, and no subject's code shapes how another's is compiled. */
export class BenchProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown>
  #stderr = ''
  #answered: { resolve(answer: Answer): void; reject(error: Error): void } | undefined

  private constructor({ url, flags = [] }: Subject, name: string, variant: string) {
    this.#child = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [url, name, variant], {
      execArgv: ['-C', 'source', ...flags],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-4000)
    })
    this.#child.on('message', (answer: Answer) => this.#answered?.resolve(answer))
    this.#child.on('error', (error) => this.#answered?.reject(error))
    this.#closed = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => {
        this.#answered?.reject(
          new Error(`its process ended with ${signal ?? code}: ${this.#stderr.trim().slice(-300)}`),
        )
        resolve(undefined)
      })
    })
  }

  /** @throws Error why the bench could not be made ready */
  static async start(subject: Subject, name: string, variant: string): Promise<BenchProcess> {
    const child = new BenchProcess(subject, name, variant)
    try {
      await child.#answer()
      return child
    } catch (error) {
      await child[Symbol.asyncDispose]()
      throw error
    }
  }

  async warm(milliseconds: number): Promise<void> {
    await this.#ask({ do: 'warm', milliseconds })
  }

  async round(milliseconds: number): Promise<Round> {
    const { round } = await this.#ask({ do: 'round', milliseconds })
    if (round === undefined) throw new Error('it measured nothing')
    return round
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#closed
  }

  #ask(order: Order): Promise<{ readonly round?: Round }> {
    if (this.#child.connected) this.#child.send(order)
    return this.#answer()
  }

  async #answer(): Promise<{ readonly round?: Round }> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    this.#answered = { resolve, reject }
    const timer = setTimeout(() => reject(new Error(`it did not answer within ${timeout} ms`)), timeout)
    try {
      const answer = await promise
      if ('error' in answer) throw new Error(answer.error)
      return answer
    } finally {
      clearTimeout(timer)
      this.#answered = undefined
    }
  }
}
