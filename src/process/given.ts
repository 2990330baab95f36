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
  /** In the order of their numbers. No `Map`: where thousands come and go a second, what it leaves behind is not collected for long. */
  readonly #calls: Call[] = []
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
    return this.#calls.length
  }

  /** The one that came first. */
  get first(): Call | undefined {
    return this.#calls[0]
  }

  add(call: Call): void {
    call.writer.live = true
    call.writer.turn = ++this.#last
    this.#calls.push(call)
  }

  /** Lets begin what it can work on from now on, and says when the first of those is due. */
  begin(now: number): number {
    let due = Infinity
    while (this.#running < this.#atOnce && this.#begun < this.#last) {
      const call = this.at(++this.#begun)
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
    const index = this.#find(number)
    const call = this.#calls[index]
    if (call?.writer.turn !== number) return undefined
    if (index === 0) this.#calls.shift()
    else this.#calls.splice(index, 1)
    this.#next = number + 1
    if (number <= this.#begun) this.#running--
    if (turn !== undefined) this.#ended[turn % remembered] = call.writer
    return call
  }

  /** The call of a number, or the one whose answer is next. */
  at(turn: number = this.#next): Call | undefined {
    const call = this.#calls[this.#find(turn)]
    return call?.writer.turn === turn ? call : undefined
  }

  /** Who wrote for a call that has ended, unless that is long ago. */
  ended(turn: number): Writer | undefined {
    const writer = this.#ended[turn % remembered]
    return writer?.turn === turn ? writer : undefined
  }

  /** Those that it works on. */
  running(): readonly Call[] {
    return this.#calls.filter(({ writer }) => writer.turn <= this.#begun)
  }

  /** All of them, which are given to nobody any more. */
  drain(): readonly Call[] {
    return this.#calls.splice(0)
  }

  /** The index of the first call that has this number or a larger one: most are the first of all. */
  #find(turn: number): number {
    let from = 0
    let to = this.#calls.length
    if (this.#calls[0]?.writer.turn === turn) return 0
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#calls[middle]?.writer.turn ?? Infinity) < turn) from = middle + 1
      else to = middle
    }
    return from
  }
}
