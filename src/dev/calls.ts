import { MortiseError } from '../errors.ts'
import type { DevEvent } from './events.ts'
import type { Guest } from './guest.ts'
import type { Answered } from './target.ts'

/** Calls a guest as a client does. */
export type Invoke = (url: string, guest: Guest, signal: AbortSignal) => Promise<Answered>

/** Calls of a guest while it is developed, of which the last counts: each may never end. */
export class Calls {
  readonly #invoke: Invoke
  readonly #tell: (event: DevEvent) => void
  #call = new AbortController()

  constructor(invoke: Invoke, tell: (event: DevEvent) => void) {
    this.#invoke = invoke
    this.#tell = tell
  }

  /** Calls it, and tells what comes of it. @param live - the version that is called */
  begin(url: string, guest: Guest, live: number): void {
    this.abort()
    this.#call = new AbortController()
    void this.#run(url, guest, live, this.#call.signal)
  }

  /** Waits no longer for the call that is under way. */
  abort(): void {
    this.#call.abort()
  }

  async #run(url: string, guest: Guest, live: number, signal: AbortSignal): Promise<void> {
    const start = performance.now()
    try {
      const { status, text } = await this.#invoke(url, guest, signal)
      if (!signal.aborted) this.#tell({ event: 'answered', status, text, milliseconds: performance.now() - start })
    } catch (error) {
      if (!MortiseError.is(error)) throw error
      if (!signal.aborted) this.#tell({ event: 'failed', error, live })
    }
  }
}
