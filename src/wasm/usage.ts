import type { LogLine, Setting } from '../runtime.ts'
import type { LogLevel } from '../units.ts'
import { GuestExit, GuestFault } from '../fault.ts'

type Stream = 'stdout' | 'stderr'

const levelOf = { stdout: 'info', stderr: 'error' } as const

/** How much of what a guest wrote is kept to find its panic message in. TinyGo's comes whole on stdout, however long it is. */
const keptTail = 65_536

/** What a call may use beside the processor and its memory. */
export interface UsageLimits {
  /** Bytes of output and logs. */
  readonly output: number
  /** Milliseconds of sleep. */
  readonly sleep: number
}

/**
 * What the running call of one instance has written and slept. Its output is cut into lines and handed to a logger with
 * the number of the call, so that the lines of two calls are never taken for one another.
 */
export class Usage {
  /** There is something to end: the call wrote or slept. */
  touched = false
  readonly #limits: UsageLimits
  readonly #setting: Pick<Setting<'wasm'>, 'log' | 'meter'>
  /** Number of the running call, once it has written; 0 before. */
  #call = 0
  /** Why the guest is being ended, until it has. */
  #cause: GuestFault | GuestExit | undefined
  readonly #partial = { stdout: '', stderr: '' }
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  #written = 0
  #slept = 0
  readonly #tail = { stdout: '', stderr: '', both: '' }

  constructor(limits: UsageLimits, setting: Pick<Setting<'wasm'>, 'log' | 'meter'>) {
    this.#limits = limits
    this.#setting = setting
  }

  /** The end of what the running call wrote. */
  get tail(): Readonly<Record<Stream | 'both', string>> {
    return this.#tail
  }

  /** The guest is being ended for this; the first cause counts. */
  ended(cause: GuestFault | GuestExit): void {
    this.touched = true
    this.#cause ??= cause
  }

  /** The call is made once more: what the first attempt said about its failure is none of the second. */
  again(): void {
    this.#forget()
  }

  /** The guest has ended itself and said that all is well, which is asked once. */
  endedWell(): boolean {
    if (!(this.#cause instanceof GuestExit) || this.#cause.exitCode !== 0) return false
    this.#cause = undefined
    return true
  }

  /** Why the guest was ended, if it was; asked once. */
  takeCause(): GuestFault | GuestExit | undefined {
    const cause = this.#cause
    this.#cause = undefined
    return cause
  }

  /** What a call writes that is no log: it is counted, and a panic may be in it. */
  take(stream: Stream, bytes: Uint8Array): string {
    this.#count(bytes.length)
    const text = this.#decoders[stream].decode(bytes, { stream: true })
    this.#tail[stream] = cut(this.#tail[stream] + text)
    this.#tail.both = cut(this.#tail.both + text)
    return text
  }

  write(stream: Stream, bytes: Uint8Array): void {
    const text = this.take(stream, bytes)
    const lines = (this.#partial[stream] + text).split('\n')
    this.#partial[stream] = lines.pop() ?? ''
    for (const line of lines) this.#line(stream, levelOf[stream], line)
  }

  log(level: LogLevel, text: string): void {
    this.#count(2 * text.length)
    this.#line('log', level, text)
  }

  /** Counts a sleep and returns how long it may be, in milliseconds. */
  sleep(milliseconds: number): number {
    this.touched = true
    this.#slept += milliseconds
    if (this.#slept <= this.#limits.sleep) return milliseconds
    throw new GuestFault(
      'SLEEP_LIMIT',
      `it wanted to sleep ${this.#slept} ms in one call, and may for ${this.#limits.sleep}. Raise the limit 'sleep'`,
    )
  }

  /** Ends the call: what is left of a line goes out, and the next call starts at nothing. */
  end(): void {
    if (!this.touched) return
    this.touched = false
    this.#slept = 0
    if (this.#written === 0) return
    this.#written = 0
    this.#forget()
    this.#flush()
    this.#call = 0
  }

  #forget(): void {
    this.#tail.stdout = ''
    this.#tail.stderr = ''
    this.#tail.both = ''
  }

  #flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#partial[stream] + this.#decoders[stream].decode()
      this.#partial[stream] = ''
      if (rest !== '') this.#line(stream, levelOf[stream], rest)
    }
  }

  #line(source: LogLine['source'], level: LogLevel, text: string): void {
    this.#call ||= ++this.#setting.meter.written
    this.#setting.log({ call: this.#call, source, level, text })
  }

  #count(bytes: number): void {
    this.touched = true
    this.#written += bytes
    if (this.#written <= this.#limits.output) return
    throw new GuestFault(
      'OUTPUT_LIMIT',
      `it wrote more than ${this.#limits.output} bytes of output and logs in one call. Write less, or raise the limit 'output'`,
    )
  }
}

/** Cut now and then: programs write a hundred bytes at a time. */
const cut = (tail: string): string => (tail.length > 2 * keptTail ? tail.slice(-keptTail) : tail)
