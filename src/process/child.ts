import type { LogLine } from '../runtime.ts'
import type { LogLevel } from '../units.ts'
import type { Ready } from './acknowledgement.ts'
import type { Call } from './call.ts'
import { Deadline } from './deadline.ts'
import type { ProcessFault } from './fault.ts'
import { Fifo } from './fifo.ts'
import type { Holder } from './holder.ts'
import { Lifetime } from './lifetime.ts'
import { Lines } from './lines.ts'
import { isComplete, readMarked } from './marked.ts'
import type { ProcessSettings } from './options.ts'
import { Output } from './output.ts'
import * as faults from './faults.ts'
import type { Spawned } from './spawn.ts'
import { Spin } from './spin.ts'

/** A process that has closed its end of a pipe is most likely exiting; else it is ended after this many milliseconds. */
const lingering = 250

/** One process: calls go in and answers come out, in the same order, until it ends. */
export class Child {
  readonly pid: number
  readonly lifetime: Lifetime
  readonly #pipes: Spawned
  readonly #settings: ProcessSettings
  readonly #holder: Holder
  /** Calls that it was given. */
  readonly #calls = new Fifo<Call>()
  /** What it answered to the first of them, until all that it wrote to stdout and stderr before is read. */
  #answers: (string | Error)[] = []
  #answered = 0
  readonly #lines: Lines
  readonly #output: Output
  readonly #deadline: Deadline
  readonly #spin: Spin = new Spin(() => this.#calls.length > 0)
  #ready: Ready | undefined
  /** Why it has ended, or is being ended. */
  #fault: ProcessFault | undefined
  /** It has closed a pipe, and is given no call any more. */
  #closing = false
  /** Whose lines it logs between two calls. */
  #last: Pick<Call, 'number'> = { number: 0 }

  constructor(pipes: Spawned, settings: ProcessSettings, holder: Holder) {
    this.pid = pipes.pid
    this.#pipes = pipes
    this.#settings = settings
    this.#holder = holder
    this.#lines = new Lines(settings.answer)
    this.#output = new Output(settings.output, (source, level, text) => this.#log(source, level, text))
    this.#deadline = new Deadline(settings.start, (limit) => this.end(faults.overran(limit)))
    this.lifetime = new Lifetime(pipes, (exitCode, signal) => this.#exited(exitCode, signal))
    const { input, stdout, stderr, answers } = pipes
    answers.on('data', (bytes: Buffer) => this.#read(bytes))
    answers.on('end', () => this.#closed('descriptor 3')).on('error', () => this.#closed('descriptor 3'))
    input.on('drain', () => holder.room()).on('error', () => this.#closed('its standard input'))
    stdout.on('data', (bytes: Buffer) => this.#print('stdout', bytes)).on('error', () => {})
    stderr.on('data', (bytes: Buffer) => this.#print('stderr', bytes)).on('error', () => {})
  }

  get fault(): ProcessFault | undefined {
    return this.#fault
  }

  get exports(): Ready['exports'] {
    return this.#ready?.exports
  }

  /** How many more calls it takes now. */
  get room(): number {
    if (this.#fault !== undefined || this.#closing || this.#pipes.input.writableNeedDrain) return 0
    return this.#settings.pipeline - this.#calls.length
  }

  /** Its first line, for which it has the time of a start. */
  acknowledgement(setup: string | undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#calls.push({ line: '', number: 0, resolve, reject })
      this.#deadline.begin()
      if (setup !== undefined) this.#pipes.input.write(`${setup}\n`)
    })
  }

  /** From now on calls are sent to it. */
  ready(said: Ready | undefined): void {
    this.#ready = said
    this.#answered = 0
    this.#deadline.limit = this.#settings.deadline
    this.lifetime.unref()
  }

  send(calls: readonly Call[]): void {
    const idle = this.#calls.length === 0
    let text = ''
    for (const call of calls) {
      this.#calls.push(call)
      text += `${call.line}\n`
    }
    this.#output.begin(calls.length, idle)
    if (idle) {
      this.#deadline.begin()
      this.#pipes.answers.ref()
    }
    this.#pipes.input.write(text)
    if (this.#settings.spin) this.#spin.start()
  }

  /** Ends it for a fault, which is the first call's; the others go down with it. */
  end(fault: ProcessFault): void {
    if (this.#fault !== undefined) return
    this.#fault = fault
    this.#settle()
    this.lifetime.kill()
    this.#reject(fault)
  }

  #read(bytes: Buffer): void {
    if (this.#fault !== undefined) return
    const first = this.#answers.length === 0
    for (const line of this.#lines.push(bytes)) this.#take(line)
    if (this.#lines.tooLong) this.end(faults.answeredTooMuch(this.#settings.answer))
    if (this.#answers.length === 0) return
    this.#deadline.rest()
    // Two turns of the loop read what it wrote to stdout and stderr before the answer: a call's logs come before its result.
    if (first) setImmediate(() => setImmediate(() => this.#settle()))
  }

  #take(line: string | undefined): void {
    const marked = this.#ready?.marks === true && line !== undefined ? readMarked(line) : undefined
    if (marked !== undefined && 'log' in marked) {
      this.#output.log(marked.log, marked.text)
      return this.#checkOutput()
    }
    this.#answers.push(marked?.fault ?? line ?? faults.notUtf8())
    if (this.#answers.length <= this.#calls.length) return
    // From somewhere on the answers were those of other calls, and nobody knows from where.
    this.#answers = []
    this.end(faults.answeredNobody())
  }

  #print(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this.#output.write(stream, bytes, this.#calls.length === 0)
    this.#checkOutput()
  }

  #checkOutput(): void {
    if (this.#output.exceeded) this.end(faults.wroteTooMuch(this.#settings.output))
  }

  #log(source: LogLine['source'], level: LogLevel, text: string): void {
    const call = this.#calls.at(source === 'log' ? this.#answers.length : 0)
    const writer = call ?? this.#last
    writer.number ||= ++this.#holder.meter.written
    try {
      this.#holder.log({ call: writer.number, source, level, text })
    } catch (thrown) {
      if (call === undefined) process.emitWarning(faults.logFailed(thrown))
      else call.failure ??= faults.logFailed(thrown)
    }
  }

  #settle(): void {
    const answers = this.#answers
    if (answers.length === 0) return
    this.#answers = []
    for (const answer of answers) {
      const call = this.#calls.shift()
      if (call === undefined) break
      this.#last = call
      if (call.failure !== undefined) call.reject(call.failure)
      else if (typeof answer === 'string') call.resolve(answer)
      else call.reject(answer)
      this.#answered++
    }
    if (this.#calls.length > 0) this.#deadline.begin()
    else {
      this.#output.flush()
      this.#pipes.answers.unref()
    }
    this.#holder.room()
  }

  #reject(first: ProcessFault): void {
    let fault = first
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) {
      call.reject(fault)
      fault = faults.wentDown(first)
    }
  }

  #closed(what: string): void {
    if (this.#fault !== undefined || this.#closing || this.lifetime.stopping) return
    this.#closing = true
    this.lifetime.ref()
    const timer = setTimeout(() => this.end(faults.closed(what)), lingering)
    void this.lifetime.ended.then(() => clearTimeout(timer))
  }

  #exited(exitCode: number | undefined, signal: string | undefined): void {
    this.#output.flush()
    const rest = this.#lines.rest()
    const fault = this.#fault
    this.#fault ??= faults.ended(exitCode, signal, this.#output.tail)
    if (fault === undefined && rest !== undefined && isComplete(rest) && this.#calls.length > this.#answers.length)
      this.#answers.push(rest)
    this.#settle()
    this.#reject(this.#fault)
    this.#holder.ended({
      pid: this.pid,
      exitCode,
      signal,
      because: this.#fault.message,
      answered: this.#answered,
    })
  }
}
