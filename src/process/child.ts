import type { Ready } from './acknowledgement.ts'
import type { Call } from './call.ts'
import { Deadline } from './deadline.ts'
import type { ProcessFault } from './fault.ts'
import { FirstLine } from './first-line.ts'
import { Given } from './given.ts'
import type { Holder } from './holder.ts'
import { Journal, type Printing } from './journal.ts'
import { Lifetime } from './lifetime.ts'
import { Lines } from './lines.ts'
import { isComplete, readMarked, turnOf } from './marked.ts'
import type { ProcessSettings } from './options.ts'
import * as faults from './faults.ts'
import type { Spawned } from './spawn.ts'
import { Spin } from './spin.ts'

/** A process that has closed its end of a pipe is most likely exiting, if slowly on a busy machine; else it is ended after so many ms. */
const lingering = 1000

/** A call, and what the process answered to it. */
interface Answer {
  readonly call: Call
  readonly answer: string | Error
}

/** One process: calls go in and answers come out, until it ends. */
export class Child implements Printing {
  readonly pid: number
  readonly lifetime: Lifetime
  readonly given: Given
  readonly #pipes: Spawned
  readonly #settings: ProcessSettings
  readonly #holder: Holder
  /** What it answered, until all that it wrote to stdout and stderr before is read. */
  #answers: Answer[] = []
  #answered = 0
  readonly #lines: Lines
  /** Absent where what comes first is known. */
  readonly #first: FirstLine | undefined
  readonly #journal: Journal
  readonly #deadline: Deadline
  readonly #spin: Spin = new Spin(() => this.given.size > 0)
  #ready: Ready | undefined
  /** Why it has ended, or is being ended. */
  #fault: ProcessFault | undefined
  /** It has closed a pipe, and is given no call any more. */
  #closing = false

  /** @param acknowledges - it is asked for an acknowledgement before the first call */
  constructor(pipes: Spawned, settings: ProcessSettings, holder: Holder, acknowledges: boolean) {
    this.pid = pipes.pid
    this.#pipes = pipes
    this.#settings = settings
    this.#holder = holder
    this.given = new Given(settings.concurrency, acknowledges ? 0 : 1)
    this.#lines = new Lines(settings.answer)
    const unasked = !acknowledges && settings.pipeline === 1
    this.#first = unasked ? new FirstLine((line) => this.#receive([line])) : undefined
    this.#journal = new Journal(settings.output, holder, this)
    this.#deadline = new Deadline(() => this.#overran())
    this.lifetime = new Lifetime(pipes, (exitCode, signal) => this.#exited(exitCode, signal))
    const { input, stdout, stderr, answers } = pipes
    answers.on('data', (bytes: Buffer) => this.#read(bytes))
    answers.on('end', () => this.#closed('descriptor 3')).on('error', () => this.#closed('descriptor 3'))
    input.on('drain', () => holder.room()).on('error', () => this.#closed('its standard input'))
    stdout.on('data', (bytes: Buffer) => this.#journal.print('stdout', bytes)).on('error', () => {})
    stderr.on('data', (bytes: Buffer) => this.#journal.print('stderr', bytes)).on('error', () => {})
  }

  get fault(): ProcessFault | undefined {
    return this.#fault
  }

  get exports(): Ready['exports'] {
    return this.#ready?.exports
  }

  get idle(): boolean {
    return this.given.size + this.#answers.length === 0
  }

  get several(): boolean {
    return this.#ready?.numbers === true && this.#settings.concurrency > 1
  }

  get current(): Call | undefined {
    return this.#answers[0]?.call ?? this.given.first
  }

  /** How many more calls it takes now. */
  get room(): number {
    if (this.#fault !== undefined || this.#closing || this.#pipes.input.writableNeedDrain) return 0
    const { concurrency, pipeline } = this.#settings
    const most = this.#ready?.numbers === true ? Math.max(concurrency, pipeline) : pipeline
    return most - this.given.size - this.#answers.length
  }

  /** Its first line, for which it has the time of a start. */
  acknowledgement(setup: string | undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      this.given.add({
        line: '',
        deadline: this.#settings.start,
        due: Infinity,
        writer: this.#journal.nobody,
        logged: 0,
        resolve,
        reject,
      })
      this.#deadline.by(this.given.begin(performance.now()))
      if (setup !== undefined) this.#pipes.input.write(`${setup}\n`)
    })
  }

  /** From now on calls are sent to it. */
  ready(said: Ready | undefined): void {
    this.#ready = said
    this.#answered = 0
    this.lifetime.unref()
  }

  send(calls: readonly Call[]): void {
    const { idle } = this
    let text = ''
    for (const call of calls) {
      this.given.add(call)
      text += `${call.line}\n`
    }
    this.#journal.begin(calls.length, idle)
    this.#deadline.by(this.given.begin(performance.now()))
    if (idle) this.#pipes.answers.ref()
    this.#pipes.input.write(text)
    if (this.#settings.spin) this.#spin.start()
  }

  /** Ends it for a fault, which is that of some of its calls; the others go down with it. */
  end(
    fault: ProcessFault,
    guilty: readonly Call[] = this.given.running().slice(0, 1),
    doubtful: readonly Call[] = [],
  ): void {
    if (this.#fault !== undefined) return
    this.#fault = fault
    this.#settle()
    this.lifetime.kill()
    this.#reject(fault, guilty, doubtful)
  }

  #read(bytes: Buffer): void {
    if (this.#fault === undefined) this.#receive(this.#lines.push(bytes))
  }

  #receive(lines: readonly (string | undefined)[]): void {
    const first = this.#answers.length === 0
    for (const line of lines) if (this.#first?.takes(line, this.given.size > 0) !== true) this.#take(line)
    if (this.#lines.tooLong) this.end(faults.answeredTooMuch(this.#settings.answer))
    if (this.#answers.length === 0) return
    this.#deadline.by(this.given.begin(performance.now()))
    // Two turns of the loop read what it wrote to stdout and stderr before the answer: a call's logs come before its result.
    if (first) setImmediate(() => setImmediate(() => this.#settle()))
  }

  #take(line: string | undefined): void {
    if (this.#fault !== undefined) return
    const numbered = this.#ready?.numbers === true
    const turn = numbered && line !== undefined ? turnOf(line) : undefined
    if (numbered && turn === undefined) return this.end(faults.unnumbered())
    const text = numbered ? line?.slice(line.indexOf(' ') + 1) : line
    const marked = this.#ready?.marks === true && text !== undefined ? readMarked(text) : undefined
    if (marked !== undefined && !('fault' in marked)) return this.#journal.log(turn, marked)
    const call = this.given.answered(turn)
    if (call !== undefined) {
      this.#answers.push({ call, answer: marked?.fault ?? text ?? faults.notUtf8() })
      return
    }
    // From somewhere on the answers may have been those of other calls, and nobody knows from where, unless they are numbered.
    const doubtful = numbered ? [] : this.#answers.splice(0).map((answer) => answer.call)
    this.end(faults.answeredNobody(), [...doubtful, ...this.given.running()].slice(0, 1), doubtful)
  }

  /** Ends it where a call overran; else, when the next one is due. */
  #overran(): number {
    const running = this.given.running()
    const late = running.filter(({ due }) => due - performance.now() < 1)
    const [first] = late
    if (first !== undefined) {
      this.end(faults.overran(first.deadline), late)
      return Infinity
    }
    return Math.min(Infinity, ...running.map(({ due }) => due))
  }

  #settle(): void {
    const answers = this.#answers
    if (answers.length === 0) return
    this.#answers = []
    for (const { call, answer } of answers) {
      this.#journal.settle(call.writer)
      const { failure } = call.writer
      if (failure !== undefined) call.reject(failure)
      else if (typeof answer === 'string') call.resolve(answer)
      else call.reject(answer)
      this.#answered++
    }
    if (this.given.size === 0) {
      this.#journal.flush()
      this.#pipes.answers.unref()
    }
    this.#holder.room()
  }

  #reject(fault: ProcessFault, guilty: readonly Call[], doubtful: readonly Call[]): void {
    for (const call of [...doubtful, ...this.given.drain()]) {
      call.writer.live = false
      call.reject(guilty.includes(call) ? fault : faults.wentDown(fault))
    }
  }

  #closed(what: string): void {
    if (this.#fault !== undefined || this.#closing || this.lifetime.stopping) return
    this.#closing = true
    this.lifetime.ref()
    // Where this thread was busy meanwhile, news of its end lies ready, and is read first.
    const timer = setTimeout(() => setImmediate(() => this.end(faults.closed(what))), lingering)
    void this.lifetime.ended.then(() => clearTimeout(timer))
  }

  #exited(exitCode: number | undefined, signal: string | undefined): void {
    this.#journal.flush()
    const rest = this.#lines.rest()
    const fault = this.#fault
    const running = this.given.running()
    const held = this.#first?.release()
    const last = rest !== undefined && isComplete(rest) ? rest : held
    if (fault === undefined && last !== undefined && this.given.size > 0) this.#take(last)
    this.#fault ??= faults.ended(exitCode, signal, this.#journal.tail)
    this.#settle()
    this.#reject(this.#fault, running, [])
    this.#holder.ended({
      pid: this.pid,
      exitCode,
      signal,
      because: this.#fault.message,
      answered: this.#answered,
    })
  }
}
