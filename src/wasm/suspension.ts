import { MortiseError } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import type { Suspension } from '../units.ts'
import { lateSentence } from './stopped.ts'
import { watchWait, type Waiting } from './wait-limits.ts'
import type { Watchdog } from './watchdog.ts'

/** How a call ran: whether it was told to end, and between which numbers of calls its own are. */
export interface Segments {
  readonly expired: boolean
  readonly first: number
  readonly last: number
}

/** Of a wait: none, the guest is suspended, or the promise has settled. */
type Phase = 'none' | 'refused' | 'pending' | 'resolved' | 'rejected'

interface Settlers {
  readonly resolved: (answer: unknown) => void
  readonly rejected: (failure: unknown) => void
}

/**
 * The call under way on one instance that may be suspended. It has a frame in the words of the watchdog while it runs, and none
 * while it waits: so its deadline is the time that it runs, and what it waits has a limit of its own.
 */
export class CallSuspension implements Suspension, Waiting {
  watched = false
  readonly #watchdog: Watchdog | undefined
  /** Milliseconds that the call may run, and what is left of them. */
  #deadline = Infinity
  #left = Infinity
  /** Milliseconds that it may wait, and what is left of them. */
  #limit = Infinity
  #patience = Infinity
  /** When it began to run, or to wait. */
  #since = 0
  /** Its number while it has a frame, else 0; its first one, and the last. */
  #number = 0
  #first = 0
  #last = 0
  #expired = false
  /** One more with every wait that was ended: what a promise of before settles with, is dropped. */
  #turn = 0
  #phase: Phase = 'none'
  #outcome: unknown
  #wake: (() => void) | undefined
  #ended: ((reason: Error) => void) | undefined
  /** What the promise of the wait under way calls. */
  #settlers = this.#listen()
  /** Why the call does not go on. */
  #end: GuestFault | undefined

  constructor(watchdog: Watchdog | undefined) {
    this.#watchdog = watchdog
  }

  /** A call has begun, which has a frame. @param limit - milliseconds that it may wait in all */
  begin(deadline: number, limit: number): void {
    this.#limit = limit
    this.#patience = limit
    this.#expired = false
    this.#end = undefined
    if (this.#watchdog === undefined) return
    this.#deadline = deadline
    this.#left = deadline
    this.#first = this.#watchdog.call
    this.#last = this.#first
    this.#number = this.#first
    this.#since = performance.now()
  }

  /** What ended the call while it waited. */
  get failure(): { readonly thrown: GuestFault } | undefined {
    return this.#end && { thrown: this.#end }
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
    this.#phase = 'none'
    return { expired: this.#expired, first: this.#first, last: this.#last }
  }

  suspend(promise: Promise<unknown>, ended: (reason: Error) => void): Promise<void> {
    const now = performance.now()
    this.#left -= now - this.#since
    this.#since = now
    const late = this.#left <= 0 || this.#watchdog?.expired === true
    const reason = this.#end ?? (late ? this.#late() : undefined)
    // V8 suspends the guest whatever it gets.
    this.#leave()
    if (reason !== undefined) {
      this.#phase = 'refused'
      ended(asError(reason))
      return Promise.resolve()
    }
    this.#phase = 'pending'
    this.#ended = ended
    watchWait(this)
    promise.then(this.#settlers.resolved, this.#settlers.rejected)
    return new Promise(this.#waiting)
  }

  resume(): unknown {
    const phase = this.#phase
    const outcome = this.#outcome
    this.#phase = 'none'
    this.#outcome = undefined
    if (phase !== 'none') this.#goOn()
    if (this.#end !== undefined) throw this.#end
    if (this.#left <= 0 || this.#expired || this.#watchdog?.expired === true) {
      this.#watchdog?.end()
      throw this.#late()
    }
    if (phase === 'resolved') return outcome
    if (phase === 'rejected') throw outcome
    throw new GuestFault(
      'HOST_FUNCTION_FAILED',
      'it waits inside of a function that the host called from a host function, such as its allocator: nothing can be suspended there',
    )
  }

  look(now: number): boolean {
    if (this.#phase !== 'pending') return false
    if (now - this.#since < this.#patience) return true
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
    if (this.#phase !== 'pending') return
    // The promise may settle much later, and then it is none of the next wait.
    this.#settlers = this.#listen()
    this.#ended?.(asError(reason))
    this.#wake?.()
  }

  readonly #waiting = (resolve: () => void): void => {
    this.#wake = resolve
  }

  /** Made once for all waits, unless one is ended before its promise has settled: closures for each would cost as much as the promise. */
  #listen(): Settlers {
    const turn = ++this.#turn
    return {
      resolved: (answer) => this.#settle(turn, 'resolved', answer),
      rejected: (failure) => this.#settle(turn, 'rejected', failure),
    }
  }

  #settle(turn: number, phase: 'resolved' | 'rejected', outcome: unknown): void {
    if (turn !== this.#turn || this.#phase !== 'pending') return
    this.#phase = phase
    this.#outcome = outcome
    this.#wake?.()
  }

  #late(): GuestFault {
    return new GuestFault('DEADLINE', lateSentence('deadline', `${this.#deadline} ms`))
  }

  /** It runs again, and has what is left of its deadline. */
  #goOn(): void {
    const now = performance.now()
    this.#patience -= now - this.#since
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

/** Why nobody waits any more, for who works on the answer. */
const asError = ({ code, message }: GuestFault): MortiseError =>
  new MortiseError(code, `Cannot go on with a call: ${message}`)
