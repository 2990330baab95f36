import type { LogLevel, LogLine, Meter } from '../runtime.ts'
import { readAcknowledgement, type Ready } from './acknowledgement.ts'
import type { Call } from './call.ts'
import { ProcessFault } from './fault.ts'
import { Fifo } from './fifo.ts'
import { Lines } from './lines.ts'
import { isComplete, readMarked } from './marked.ts'
import type { ProcessSettings } from './options.ts'
import { Output } from './output.ts'
import type { Program } from './program.ts'
import { spawnProgram, type Spawned } from './spawn.ts'
import { guardLeader, killTree, releaseLeader } from './tree.ts'

/** Milliseconds for which an answer is looked for without a pause. */
const spinTime = 0.1

/** A process that has closed its end of a pipe is about to exit, or is given this many milliseconds until it is ended. */
const lingering = 250

/** Pipes that something outside of the group holds open are read for this many milliseconds after the process has ended. */
const drainTime = 250

/** How a process ended. */
export interface End {
  readonly pid: number
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  /** Why, in a sentence. */
  readonly because: string
  /** How many calls it had answered. */
  readonly answered: number
}

/** Who holds the process. */
export interface Holder {
  readonly meter: Pick<Meter, 'written'>
  readonly log: (line: LogLine) => void
  /** A call is settled. */
  done(call: Call): void
  /** It may take another call. */
  room(): void
  ended(end: End): void
}

/** One process: calls go in and answers come out, in the same order, until it ends. */
export class Child {
  readonly #spawned: Spawned
  readonly #settings: ProcessSettings
  readonly #holder: Holder
  readonly #calls = new Fifo<Call>()
  /** Of the first calls, what was answered, until everything that was written before has been read. */
  #answers: (string | Error)[] = []
  readonly #lines: Lines
  readonly #output: Output
  readonly #ended = Promise.withResolvers<void>()
  /** Whose lines it logs between two calls. */
  #last: { number: number } = { number: 0 }
  #ready: Ready = { exports: undefined, marks: false }
  #answered = 0
  /** Milliseconds that the first call may take, and since when it can be under way. */
  #limit: number
  #since = 0
  #watched = false
  #spinning = false
  #spinEnd = 0
  #fault: ProcessFault | undefined
  #over = false

  private constructor(spawned: Spawned, settings: ProcessSettings, holder: Holder) {
    this.#spawned = spawned
    this.#settings = settings
    this.#holder = holder
    this.#limit = settings.start
    this.#lines = new Lines(settings.answer)
    this.#output = new Output(settings.output, (source, level, text) => this.#log(source, level, text))
    const { process, input, stdout, stderr, answers } = spawned
    guardLeader(spawned.pid)
    answers.on('data', (bytes: Buffer) => this.#read(bytes))
    answers.on('end', () => this.#closed('descriptor 3')).on('error', () => this.#closed('descriptor 3'))
    input.on('drain', () => this.#holder.room()).on('error', () => this.#closed('its standard input'))
    for (const [name, stream] of [['stdout', stdout] as const, ['stderr', stderr] as const]) {
      stream.on('data', (bytes: Buffer) => {
        this.#output.write(name, bytes, this.#calls.length === 0)
        this.#checkOutput()
      })
      stream.on('error', () => {})
    }
    process.on('error', () => {})
    process.once('exit', (code, signal) => this.#exited(code ?? undefined, signal ?? undefined))
  }

  /** Starts a program and waits until it is ready: `PROCESS_NOT_STARTED`, `MODULE_REFUSED`. */
  static async start(program: Program, settings: ProcessSettings, holder: Holder): Promise<Child> {
    const child = new Child(await spawnProgram(program), settings, holder)
    try {
      await (program.acknowledges || settings.ack ? child.#acknowledged(program) : child.#settled())
    } catch (error) {
      child.#end(error instanceof ProcessFault ? error : new ProcessFault('PROCESS_NOT_STARTED', String(error)))
      await child.#ended.promise
      const { code, message, details } = child.#fault ?? new ProcessFault('PROCESS_NOT_STARTED', String(error))
      throw new ProcessFault(code === 'MODULE_REFUSED' ? code : 'PROCESS_NOT_STARTED', message, details)
    }
    child.#limit = settings.deadline
    child.#unref()
    return child
  }

  get pid(): number {
    return this.#spawned.pid
  }

  get exports(): Ready['exports'] {
    return this.#ready.exports
  }

  /** How many more calls it takes now. */
  get room(): number {
    if (this.#over || this.#fault !== undefined || this.#spawned.input.writableNeedDrain) return 0
    return this.#settings.pipeline - this.#calls.length
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
      this.#since = performance.now()
      this.#spawned.answers.ref()
      this.#watch()
    }
    this.#spawned.input.write(text)
    if (this.#settings.spin) this.#spin()
  }

  /** The stop ladder: end of input, `SIGTERM`, `SIGKILL`, each when the one before had its time. */
  async stop(): Promise<void> {
    const { process, input, pid } = this.#spawned
    if (this.#over) return this.#ended.promise
    process.ref()
    input.end()
    if (await this.#endsWithin(this.#settings.grace)) return
    killTree(pid, 'SIGTERM')
    if (await this.#endsWithin(this.#settings.grace)) return
    killTree(pid, 'SIGKILL')
    await this.#ended.promise
  }

  async #acknowledged({ setup }: Program): Promise<void> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#calls.push({ line: '', number: 0, resolve, reject })
      this.#since = performance.now()
      this.#watch()
      if (setup !== undefined) this.#spawned.input.write(`${setup}\n`)
    })
    this.#ready = readAcknowledgement(line)
  }

  async #settled(): Promise<void> {
    if (await this.#endsWithin(this.#settings.settle)) throw this.#fault ?? new Error('it ended')
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(resolve, milliseconds, false)
    void this.#ended.promise.then(() => resolve(true))
    const ended = await promise
    clearTimeout(timer)
    return ended
  }

  /** What nobody waits for keeps no program running. */
  #unref(): void {
    const { process, input, stdout, stderr, answers } = this.#spawned
    for (const handle of [process, input, stdout, stderr, answers]) handle.unref()
  }

  #spin(): void {
    this.#spinEnd = performance.now() + spinTime
    if (this.#spinning) return
    this.#spinning = true
    const turn = (): void => {
      this.#spinning = this.#calls.length > 0 && performance.now() < this.#spinEnd
      if (this.#spinning) setImmediate(turn)
    }
    setImmediate(turn)
  }

  #read(bytes: Buffer): void {
    if (this.#over || this.#fault !== undefined) return
    const first = this.#answers.length === 0
    for (const line of this.#lines.push(bytes)) this.#take(line)
    if (this.#lines.tooLong) this.#tooLong()
    this.#checkOutput()
    // What it wrote to stdout and stderr before this answer can be read now: its logs come before its answer.
    if (first && this.#answers.length > 0) setImmediate(() => setImmediate(() => this.#settle()))
  }

  #take(line: string | undefined): void {
    const marked = this.#ready.marks && line !== undefined ? readMarked(line) : undefined
    if (marked !== undefined && 'log' in marked) return this.#output.log(marked.log, marked.text)
    const answer = marked?.fault ?? line ?? new ProcessFault('GUEST_STRING', 'it answered with what is not UTF-8')
    this.#answers.push(answer)
    if (this.#answers.length <= this.#calls.length) return
    // From somewhere on the answers were those of other calls, and nobody knows from where.
    this.#answers = []
    this.#end(
      new ProcessFault(
        'PROCESS_PROTOCOL',
        'it wrote a line to descriptor 3 that answers no call. It must write one for each line that it reads',
      ),
    )
  }

  #settle(): void {
    const answers = this.#answers
    this.#answers = []
    for (const answer of answers) {
      const call = this.#calls.shift()
      if (call === undefined) break
      this.#last = call
      if ('logFailure' in call) call.reject(logFailed(call.logFailure))
      else if (typeof answer === 'string') call.resolve(answer)
      else call.reject(answer)
      this.#answered++
      this.#holder.done(call)
    }
    this.#since = performance.now()
    if (this.#calls.length === 0) {
      this.#output.flush()
      this.#spawned.answers.unref()
    }
    if (answers.length > 0) this.#holder.room()
  }

  /** One timer for all calls: it looks whether the first one has had its time. */
  #watch(): void {
    if (this.#watched || this.#limit === Infinity) return
    this.#watched = true
    const look = (): void => {
      this.#watched = false
      if (this.#calls.length === 0 || this.#over) return
      const left = this.#answers.length > 0 ? this.#limit : this.#since + this.#limit - performance.now()
      if (left < 1) return this.#end(overran(this.#limit))
      this.#watched = true
      setTimeout(look, left).unref()
    }
    setTimeout(look, this.#limit).unref()
  }

  #log(source: LogLine['source'], level: LogLevel, text: string): void {
    const call = this.#calls.at(source === 'log' ? this.#answers.length : 0)
    const of = call ?? this.#last
    of.number ||= ++this.#holder.meter.written
    try {
      this.#holder.log({ call: of.number, source, level, text })
    } catch (thrown) {
      if (call !== undefined) call.logFailure = thrown
      else process.emitWarning(logFailed(thrown))
    }
  }

  #checkOutput(): void {
    if (!this.#output.exceeded) return
    const limit = this.#settings.output
    this.#end(
      new ProcessFault(
        'OUTPUT_LIMIT',
        `it wrote more than ${limit} bytes of output and logs in one call. Write less, or raise the limit 'output'`,
        { limit },
      ),
    )
  }

  #tooLong(): void {
    const limit = this.#settings.answer
    this.#end(
      new ProcessFault(
        'OUTPUT_LIMIT',
        `its answer is longer than ${limit} bytes. Answer with less, or raise 'answer'`,
        { limit },
      ),
    )
  }

  /** A process that has closed a pipe is most likely exiting, which says more. */
  #closed(what: string): void {
    if (this.#over || this.#fault !== undefined) return
    this.#spawned.process.ref()
    const timer = setTimeout(() => {
      this.#end(new ProcessFault('PROCESS_PROTOCOL', `it closed ${what} and went on running`))
    }, lingering)
    void this.#ended.promise.then(() => clearTimeout(timer))
  }

  /** Ends it for a fault, which is the first call's; the others went down with it. */
  #end(fault: ProcessFault): void {
    if (this.#over || this.#fault !== undefined) return
    this.#fault = fault
    this.#settle()
    this.#spawned.process.ref()
    killTree(this.pid, 'SIGKILL')
    this.#reject(fault)
  }

  #reject(first: ProcessFault): void {
    let fault = first
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) {
      call.reject(fault)
      this.#holder.done(call)
      fault = new ProcessFault(
        'PROCESS_ENDED',
        `a call before it failed, and it had been given to the same process: ${first.message}`,
        first.details,
      )
    }
  }

  #exited(exitCode: number | undefined, signal: string | undefined): void {
    const { process, pid, input, stdout, stderr, answers } = this.#spawned
    releaseLeader(pid)
    const finish = (): void => {
      clearTimeout(timer)
      for (const stream of [input, stdout, stderr, answers]) stream.destroy()
      this.#finish(exitCode, signal)
    }
    const timer = setTimeout(finish, drainTime)
    process.once('close', finish)
  }

  #finish(exitCode: number | undefined, signal: string | undefined): void {
    if (this.#over) return
    this.#over = true
    const rest = this.#lines.rest()
    if (
      this.#fault === undefined &&
      rest !== undefined &&
      isComplete(rest) &&
      this.#calls.length > this.#answers.length
    )
      this.#answers.push(rest)
    this.#settle()
    this.#output.flush()
    const stderr = this.#output.tail
    const how = signal === undefined ? `ended with exit code ${exitCode ?? 'unknown'}` : `was ended by ${signal}`
    const said = stderr === '' ? '' : `. Its stderr ends with: ${stderr.slice(-300)}`
    const details = {
      ...(exitCode !== undefined && { exitCode }),
      ...(signal !== undefined && { signal }),
      ...(stderr !== '' && { stderr }),
    }
    this.#fault ??= new ProcessFault('PROCESS_ENDED', `its process ${how}${said}`, details)
    this.#reject(this.#fault)
    this.#ended.resolve()
    this.#holder.ended({ pid: this.pid, exitCode, signal, because: this.#fault.message, answered: this.#answered })
  }
}

const overran = (limit: number): ProcessFault =>
  new ProcessFault(
    'DEADLINE',
    `it took longer than ${limit} ms, and its process was ended. Make it quicker, or raise the limit 'deadline'`,
    { limit },
  )

const logFailed = (cause: unknown): ProcessFault =>
  new ProcessFault('HOST_FUNCTION_FAILED', 'the log function of the host threw for one of its lines', {}, cause)
