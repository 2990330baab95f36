import { AsyncLocalStorage } from 'node:async_hooks'
import type { LogLine } from '../runtime.ts'
import type { Activation } from './activation.ts'

/** A line that a function wrote. */
export interface ActivationLine extends Omit<LogLine, 'call'> {
  readonly function: string
  /** The activation that wrote it; `undefined` for lines of none, such as those of a start. */
  readonly activation: string | undefined
  /** It came after its activation had been answered. */
  readonly late: boolean
}

/** The lines of one function. Says of each which activation wrote it: hosts log in the context of the call that a line belongs to. */
export class ActivationLog {
  readonly #function: string
  readonly #log: (line: ActivationLine) => void
  readonly #context = new AsyncLocalStorage<Activation>()
  /** The activation that runs and has the thread until it ends: quicker said than a context. */
  #current: Activation | undefined

  /** @param name - of the function */
  constructor(name: string, log: (line: ActivationLine) => void) {
    this.#function = name
    this.#log = log
  }

  /** Calls what takes its time. */
  within<R>(activation: Activation, call: () => R): R {
    return this.#context.run(activation, call)
  }

  /** Calls what has ended when it returns. */
  during<Q, R>(activation: Activation, call: (request: Q) => R, request: Q): R {
    const outer = this.#current
    this.#current = activation
    try {
      return call(request)
    } finally {
      this.#current = outer
    }
  }

  /** A line, in the context of the call that it belongs to. */
  write(line: LogLine): void {
    const activation = this.#current ?? this.#context.getStore()
    if (activation?.kept === undefined) this.writeOf(activation, line)
    else activation.kept.push(line)
  }

  /** A line of an activation that is known. */
  writeOf(activation: Activation | undefined, { source, level, text }: LogLine): void {
    const late = activation?.ended === true
    try {
      this.#log({ function: this.#function, activation: activation?.id, late, source, level, text })
    } catch (error) {
      // It is no activation's failure, and some lines come when nobody could be told.
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }

  /** The run counts: what was kept back of it goes out. */
  release(activation: Activation): void {
    const { kept = [] } = activation
    activation.kept = undefined
    for (const line of kept) this.writeOf(activation, line)
  }
}
