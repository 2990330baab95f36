import type { Terminal } from './command.ts'
import { duration } from './format.ts'

/** The stages of a deploy: each is shown on a terminal while it lasts, and has a line when it has ended. */
export class Stages {
  /** What each took, by what it was. */
  readonly milliseconds: Record<string, number> = {}
  readonly #terminal: Terminal
  readonly #json: boolean

  /** @param json - nothing is printed: the times are for machines */
  constructor(terminal: Terminal, json: boolean) {
    this.#terminal = terminal
    this.#json = json
  }

  /**
   * Does the work of a stage.
   *
   * @param doing - what is shown meanwhile, where somebody looks
   * @param tell - what it was, and what came of it; nothing for what is not worth a line
   */
  async run<T>(
    doing: string,
    tell: (result: T) => readonly [string, string] | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    const start = performance.now()
    const result = await this.#show(doing, work)
    const [label, text] = tell(result) ?? []
    if (label === undefined || text === undefined) return result
    const took = performance.now() - start
    this.milliseconds[label] = took
    if (!this.#json) this.#terminal.out(`${label.padEnd(8)}  ${duration(took).padStart(9)}  ${text}\n`)
    return result
  }

  async #show<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (this.#json || !this.#terminal.colors) return work()
    this.#terminal.err(`${doing} …`)
    try {
      return await work()
    } finally {
      // Back to the beginning of the line, and what is on it is gone.
      this.#terminal.err('\r\u001B[K')
    }
  }
}
