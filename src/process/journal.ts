import type { Call } from './call.ts'
import type { ProcessFault } from './fault.ts'
import * as faults from './faults.ts'
import type { Given } from './given.ts'
import type { Holder } from './holder.ts'
import type { LoggedLine } from './marked.ts'
import { Output } from './output.ts'
import { Writer } from './writer.ts'

/** The process whose lines are logged. */
export interface Printing {
  readonly given: Given
  /** No call is under way. */
  readonly idle: boolean
  /** It may work on more than one call at once, so that what it prints may be of any of them. */
  readonly several: boolean
  /** The call that prints, if it is not several. */
  readonly current: Call | undefined
  /** Ends it for a fault of some of its calls, or of the first. */
  end(fault: ProcessFault, guilty?: readonly Call[]): void
}

/** What a process prints and logs: counted, and handed to the host, each line in the context of the call that wrote it. */
export class Journal {
  /** Writes what is of no call. */
  readonly nobody: Writer
  readonly #process: Printing
  readonly #holder: Holder
  readonly #limit: number
  readonly #output: Output
  /** Whose lines it prints between two calls. */
  #last: Writer

  /** @param limit - bytes that a call may print and log */
  constructor(limit: number, holder: Holder, process: Printing) {
    this.#limit = limit
    this.#holder = holder
    this.#process = process
    this.nobody = holder.context.runInAsyncScope(() => new Writer())
    this.#last = this.nobody
    this.#output = new Output(limit, (line) => this.#printed(line))
  }

  /** The end of what it wrote to stderr. */
  get tail(): string {
    return this.#output.tail
  }

  begin(calls: number, idle: boolean): void {
    this.#output.begin(calls, idle)
  }

  /** A call was answered, and the caller is about to be told. */
  settle(writer: Writer): void {
    writer.live = false
    if (!this.#process.several) this.#last = writer
  }

  /** What is left of a line goes out. */
  flush(): void {
    this.#output.flush()
  }

  print(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    this.#output.write(stream, bytes, this.#process.idle)
    this.#check()
  }

  /** A marked line, of the call that it names, or of the one whose answer is next. */
  log(turn: number | undefined, line: LoggedLine): void {
    const { given } = this.#process
    const call = given.at(turn)
    const bytes = 2 * line.text.length
    if (line.source === 'stderr') this.#output.keep(`${line.text}\n`)
    if (call === undefined) this.#output.count(bytes, this.#process.idle)
    else call.logged += bytes
    const late = turn === undefined ? this.#last : (given.ended(turn) ?? this.nobody)
    this.#write(call?.writer ?? late, line)
    if (call !== undefined && call.logged > this.#limit) this.#process.end(faults.wroteTooMuch(this.#limit), [call])
    this.#check()
  }

  #printed(line: LoggedLine): void {
    const { several, current } = this.#process
    this.#write((several ? undefined : current?.writer) ?? this.#last, line)
  }

  #check(): void {
    if (this.#output.exceeded) this.#process.end(faults.wroteTooMuch(this.#limit))
  }

  /** A line that the host cannot log is the failure of its call, as long as that lives. */
  #write(writer: Writer, { source, level, text }: LoggedLine): void {
    writer.number ||= ++this.#holder.meter.written
    try {
      writer.runInAsyncScope(this.#holder.log, undefined, { call: writer.number, source, level, text })
    } catch (thrown) {
      const failure = faults.logFailed(thrown)
      if (writer.live) writer.failure ??= failure
      else process.emitWarning(failure)
    }
  }
}
