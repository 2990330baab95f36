import { rejection, stackOf } from '../../rejection.ts'
import { flush, say } from './answers.ts'
import { activationOf, Context } from './context.ts'
import { Environment } from './environment.ts'
import { asFields } from './fields.ts'
import { spell, threw } from './spell.ts'
import { Turn, turns } from './turn.ts'

/** A function of the guest. */
export type Hook = (event: unknown, context: Context) => unknown

/** What the calls of a guest need. */
export interface Guest {
  readonly hooks: ReadonlyMap<string, Hook>
  readonly config: Readonly<Record<string, string>>
  /** How many calls may run at once. */
  readonly concurrency: number
}

/** Makes the calls that the lines ask for, in their order and so many at once; answers go out together, and before a wait. */
export class Calls {
  readonly #guest: Guest
  readonly #environment = new Environment()
  readonly #lines: string[] = []
  #count = 0
  #running = 0
  #scheduled = false

  constructor(guest: Guest) {
    this.#guest = guest
  }

  /** No call is under way, and none waits. */
  get idle(): boolean {
    return this.#running === 0 && this.#lines.length === 0
  }

  take(lines: readonly string[]): void {
    this.#lines.push(...lines)
  }

  /** @param ended - is called whenever calls have ended that took their time */
  run(ended: () => void): void {
    while (this.#running < this.#guest.concurrency) {
      const line = this.#lines.shift()
      if (line === undefined) break
      const turn = new Turn(++this.#count)
      // Half of what `run` takes, and its end is below.
      turns.enterWith(turn)
      const answer = this.#call(turn, line)
      if (typeof answer === 'string') {
        this.#answer(turn, answer)
        continue
      }
      this.#running++
      void answer.then((later) => {
        this.#running--
        this.#answer(turn, later)
        this.run(ended)
        ended()
      })
    }
    turns.enterWith(undefined)
    if (this.#running === 0) flush()
    else this.#flushSoon()
  }

  /** The answer to a line, or the promise of one. */
  #call(turn: Turn, line: string): string | Promise<string> {
    try {
      const fields = asFields(JSON.parse(line))
      const name = typeof fields['hook'] === 'string' ? fields['hook'] : 'main'
      const { hooks, config, concurrency } = this.#guest
      const hook = hooks.get(name)
      if (hook === undefined) return threw(new TypeError(`there is no hook '${name}'`))
      const activation = activationOf(fields)
      if (concurrency === 1) this.#environment.set(activation)
      else turn.activation = activation
      const result = hook(fields['value'], new Context(turn, config, activation))
      if (!isThenable(result)) return spell(result)
      const rejected = fields['rejections'] === 'answers' ? answerOf(turn) : threw
      return Promise.resolve(result).then(spell, rejected)
    } catch (error) {
      return threw(error)
    }
  }

  #answer(turn: Turn, answer: string): void {
    turn.end()
    say(`${turn.number} ${answer}`)
  }

  /** Others may end in this turn of the loop, too. */
  #flushSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      flush()
    })
  }
}

/** Answers with what a promise was rejected with, as an application error; its stack goes to the log. */
const answerOf =
  (turn: Turn) =>
  (thrown: unknown): string => {
    turn.log({ level: 'error', text: stackOf(thrown) })
    return spell(rejection(thrown))
  }

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
