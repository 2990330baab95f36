import { AsyncLocalStorage } from 'node:async_hooks'
import type { LogLine } from '../runtime.ts'

/** A line that a function wrote. */
export interface ActivationLine extends LogLine {
  readonly function: string
  /** The activation that wrote it; `undefined` for lines of no activation, such as those of a start. */
  readonly activation: string | undefined
  /** It came after its activation had been answered. */
  readonly late: boolean
}

/** One run of a function, for the lines that it writes. */
export interface Activation {
  readonly id: string
  ended: boolean
}

/** Says of every line which activation wrote it: hosts log in the context of the call that a line belongs to. */
export class ActivationLog {
  readonly #context = new AsyncLocalStorage<Activation>()
  readonly #log: (line: ActivationLine) => void

  constructor(log: (line: ActivationLine) => void) {
    this.#log = log
  }

  /** Runs something as an activation. */
  run<R>(activation: Activation, call: () => R): R {
    return this.#context.run(activation, call)
  }

  /** A line that came in the context of the call that wrote it. */
  write(name: string, line: LogLine): void {
    this.writeOf(this.#context.getStore(), name, line)
  }

  /** A line of a known activation. */
  writeOf(activation: Activation | undefined, name: string, { call, source, level, text }: LogLine): void {
    this.#log({
      function: name,
      activation: activation?.id,
      late: activation?.ended === true,
      call,
      source,
      level,
      text,
    })
  }
}
