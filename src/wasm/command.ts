import type { Usage } from './usage.ts'

const nothing = new Uint8Array(0)

/** The runs of a command: what it reads from its standard input, and what it writes to its standard output. */
export class Command {
  readonly #usage: Usage
  #input: Uint8Array = nothing
  #output: Uint8Array[] = []

  constructor(usage: Usage) {
    this.#usage = usage
  }

  /**
   * Runs it within a call.
   *
   * @param start - its beginning
   * @returns what it wrote
   */
  run(input: Uint8Array, start: () => unknown): Uint8Array {
    this.#input = input
    this.#output = []
    try {
      start()
    } catch (thrown) {
      if (!this.#usage.endedWell()) throw thrown
    } finally {
      this.#input = nothing
    }
    return Buffer.concat(this.#output)
  }

  /** How many bytes are left to be read. */
  get left(): number {
    return this.#input.length
  }

  /** Fills as many of the bytes as there are left, and says how many. */
  read(bytes: Uint8Array): number {
    const part = this.#input.subarray(0, bytes.length)
    bytes.set(part)
    this.#input = this.#input.subarray(part.length)
    return part.length
  }

  /** Keeps a copy: the bytes are the guest's. */
  write(bytes: Uint8Array): void {
    this.#usage.take('stdout', bytes)
    this.#output.push(bytes.slice())
  }
}
