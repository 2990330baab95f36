import type { Call } from './call.ts'
import type { Writer } from './writer.ts'

/** Of so many calls that have ended, late lines are still known to be theirs: a power of two. */
const remembered = 64

/**
 * The calls that a process was given and has not answered. Each has a number, which is how many lines the process had read with
 * it, and the process works on the first of them, as many as it can at once.
 */
export class Given {
  readonly #atOnce: number
  readonly #calls = new Map<number, Call>()
  readonly #ended: Writer[] = []
  /** The number of the last that was given, and of the last that it works on or has worked on. */
  #last: number
  #begun: number
  /** The number of the next answer, where answers come in the order of the lines. */
  #next: number
  #running = 0

  /**
   * @param atOnce - how many it works on at the same time
   * @param first - the number of the first call
   */
  constructor(atOnce: number, first: number) {
    this.#atOnce = atOnce
    this.#last = first - 1
    this.#begun = first - 1
    this.#next = first
  }

  get size(): number {
    return this.#calls.size
  }

  /** The one that came first. */
  get first(): Call | undefined {
    return this.#calls.values().next().value
  }

  add(call: Call): void {
    call.writer.live = true
    call.writer.turn = ++this.#last
    this.#calls.set(this.#last, call)
  }

  /** Lets begin what it can work on from now on, and says when the first of those is due. */
  begin(now: number): number {
    let due = Infinity
    while (this.#running < this.#atOnce && this.#begun < this.#last) {
      const call = this.#calls.get(++this.#begun)
      if (call === undefined) continue
      this.#running++
      call.due = now + call.deadline
      due = Math.min(due, call.due)
    }
    return due
  }

  /** The call that a line answers, which it is no more after this. @param turn - its number, where the line says it */
  answered(turn: number | undefined): Call | undefined {
    const number = turn ?? this.#next
    const call = this.#calls.get(number)
    if (call === undefined) return undefined
    this.#calls.delete(number)
    this.#next = number + 1
    if (number <= this.#begun) this.#running--
    if (turn !== undefined) this.#ended[turn % remembered] = call.writer
    return call
  }

  /** The call of a number, or the one whose answer is next. */
  at(turn: number = this.#next): Call | undefined {
    return this.#calls.get(turn)
  }

  /** Who wrote for a call that has ended, unless that is long ago. */
  ended(turn: number): Writer | undefined {
    const writer = this.#ended[turn % remembered]
    return writer?.turn === turn ? writer : undefined
  }

  /** Those that it works on. */
  running(): readonly Call[] {
    return [...this.#calls].filter(([turn]) => turn <= this.#begun).map(([, call]) => call)
  }

  /** All of them, which are given to nobody any more. */
  drain(): readonly Call[] {
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    return calls
  }
}
