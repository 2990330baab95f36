import { MortiseError } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import type { Suspension } from '../runtime.ts'
import { lateSentence } from './stopped.ts'
import { watchWait, type Waiting } from './wait-limits.ts'
import type { Watchdog } from './watchdog.ts'

/** What somebody waits for: its answer, or its failure, once there is one. */
interface Wait {
  outcome: { readonly answer: unknown } | { readonly failure: unknown } | undefined
  wake: (() => void) | undefined
  readonly ended: (reason: Error) => void
}

/** How a call ran: whether it was told to end, and between which numbers of calls its own are. */
export interface Segments {
  readonly expired: boolean
  readonly first: number
  readonly last: number
}

/**
 * The call under way on one instance that may be suspended. It has a frame in the words of the watchdog while it runs, and none
 * while it waits: so its deadline is the time that it runs, and what it waits has a limit of its own.
 */
export class CallSuspension implements Suspension, Waiting {
  readonly #watchdog: Watchdog | undefined
  /** Milliseconds that the call may run, and what is left of them. */
  #deadline = Infinity
  #left = Infinity
  /** Milliseconds that it may wait, and has waited. */
  #limit = Infinity
  #waited = 0
  /** When it began to run, or to wait. */
  #since = 0
  /** Its number while it has a frame, else 0; its first one, and the last. */
  #number = 0
  #first = 0
  #last = 0
  #expired = false
  #wait: Wait | undefined
  /** Why it does not go on. */
  #end: GuestFault | undefined

  constructor(watchdog: Watchdog | undefined) {
    this.#watchdog = watchdog
  }

  /** A call has begun, which has a frame. @param limit - milliseconds that it may wait in all */
  begin(deadline: number, limit: number): void {
    this.#deadline = deadline
    this.#left = deadline
    this.#limit = limit
    this.#waited = 0
    this.#expired = false
    this.#wait = undefined
    this.#end = undefined
    if (this.#watchdog === undefined) return
    this.#first = this.#watchdog.call
    this.#last = this.#first
    this.#number = this.#first
    this.#since = performance.now()
  }

  /** The call gave its promise: it has ended or is suspended. Nothing has run meanwhile but what it called. */
  returned(): void {
    if (this.#number !== 0) this.#leave()
  }

  /** The promise has settled. @returns how the call ran */
  settled(): Segments {
    // A call that was resumed has its frame until here, and other calls may have ended in the same way meanwhile.
    if (this.#number !== 0) this.#expired = this.#watchdog?.leaveLate(this.#number) === true
    this.#number = 0
    this.#wait = undefined
    return { expired: this.#expired, first: this.#first, last: this.#last }
  }

  suspend(promise: Promise<unknown>, ended: (reason: Error) => void): Promise<void> | undefined {
    const wait: Wait = { outcome: undefined, wake: undefined, ended }
    this.#wait = wait
    if (this.#end !== undefined || this.#watchdog?.expired === true) return undefined
    const now = performance.now()
    if (this.#number !== 0) {
      this.#left -= now - this.#since
      this.#leave()
    }
    this.#since = now
    watchWait(this)
    return new Promise((resolve) => {
      wait.wake = resolve
      promise.then(
        (answer) => {
          wait.outcome = { answer }
          resolve()
        },
        (failure: unknown) => {
          wait.outcome = { failure }
          resolve()
        },
      )
    })
  }

  resume(): unknown {
    const wait = this.#wait
    this.#wait = undefined
    if (wait?.wake !== undefined) this.#goOn()
    if (this.#end !== undefined) throw this.#end
    if (this.#left <= 0 || this.#watchdog?.expired === true) {
      this.#watchdog?.end()
      throw new GuestFault('DEADLINE', lateSentence('deadline', `${this.#deadline} ms`))
    }
    if (wait?.outcome === undefined) {
      throw new GuestFault(
        'HOST_FUNCTION_FAILED',
        'it waits inside of a function that the host called from a host function, such as its allocator: nothing can be suspended there',
      )
    }
    if ('failure' in wait.outcome) throw wait.outcome.failure
    return wait.outcome.answer
  }

  look(now: number): boolean {
    if (this.#wait === undefined) return false
    if (this.#waited + now - this.#since < this.#limit) return true
    this.end(
      new GuestFault(
        'WAIT_LIMIT',
        `it waited longer than ${this.#limit} ms for what its host functions do. Make them answer sooner, or raise the limit 'wait'`,
        { limit: this.#limit },
      ),
    )
    return false
  }

  /** Ends the call, if it waits, as soon as it can be: it is resumed, and fails. */
  end(reason: GuestFault): void {
    this.#end ??= reason
    const wait = this.#wait
    if (wait?.wake === undefined || wait.outcome !== undefined) return
    wait.ended(new MortiseError(reason.code, `Cannot go on with a call: ${reason.message}`))
    wait.wake()
  }

  /** It runs again, and has what is left of its deadline. */
  #goOn(): void {
    const now = performance.now()
    this.#waited += now - this.#since
    this.#since = now
    if (this.#watchdog === undefined) return
    this.#number = this.#watchdog.enter(Math.max(this.#left, 1) * 1000)
    this.#last = this.#number
  }

  /** Its frame goes, which is the innermost. */
  #leave(): void {
    if (this.#watchdog === undefined) return
    this.#expired ||= this.#watchdog.expired
    this.#watchdog.leave()
    this.#number = 0
  }
}
