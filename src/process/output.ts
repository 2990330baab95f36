import { StringDecoder } from 'node:string_decoder'
import type { LoggedLine } from './marked.ts'

type Stream = 'stdout' | 'stderr'

const levelOf = { stdout: 'info', stderr: 'error' } as const

/** A longer line is cut, since a process need never end it. */
const longestLine = 65_536

/** How much of the end of stderr an error carries. */
const keptTail = 2048

/** Between calls, the limit is one for every second. */
const second = 1000

/** What a process writes to stdout and stderr, cut into lines, and counted. */
export class Output {
  readonly #limit: number
  readonly #line: (line: LoggedLine) => void
  readonly #partial = { stdout: '', stderr: '' }
  readonly #decoders = { stdout: new StringDecoder(), stderr: new StringDecoder() }
  #tail = ''
  #written = 0
  #allowed: number
  #idleSince = 0

  /** @param limit - bytes that one call may write */
  constructor(limit: number, line: (line: LoggedLine) => void) {
    this.#limit = limit
    this.#allowed = limit
    this.#line = line
  }

  /** The end of what it wrote to stderr. */
  get tail(): string {
    return this.#tail.trim()
  }

  /** It has written more than it may. */
  get exceeded(): boolean {
    return this.#written > this.#allowed
  }

  /** Calls begin; those that are under way together share what each may write. */
  begin(calls: number, idle: boolean): void {
    if (idle) {
      this.#written = 0
      this.#allowed = 0
    }
    this.#allowed += calls * this.#limit
  }

  write(stream: Stream, bytes: Buffer, idle: boolean): void {
    this.count(bytes.length, idle)
    const text = this.#decoders[stream].write(bytes)
    if (stream === 'stderr') this.keep(text)
    const lines = (this.#partial[stream] + text).split('\n')
    this.#partial[stream] = lines.pop() ?? ''
    for (const line of lines) this.#emit(stream, line)
    for (; this.#partial[stream].length > longestLine; this.#partial[stream] = this.#partial[stream].slice(longestLine))
      this.#emit(stream, this.#partial[stream].slice(0, longestLine))
  }

  /** Counts bytes that no call alone wrote. */
  count(bytes: number, idle: boolean): void {
    if (idle && performance.now() - this.#idleSince > second) {
      this.#idleSince = performance.now()
      this.#written = 0
      this.#allowed = this.#limit
    }
    this.#written += bytes
  }

  /** Keeps the end of what it wrote to stderr, by whatever way. */
  keep(text: string): void {
    this.#tail = (this.#tail + text).slice(-keptTail)
  }

  /** No call is under way any more: what is left of a line goes out. */
  flush(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const rest = this.#partial[stream] + this.#decoders[stream].end()
      this.#partial[stream] = ''
      if (rest !== '') this.#emit(stream, rest)
    }
  }

  #emit(source: Stream, text: string): void {
    this.#line({ source, level: levelOf[source], text })
  }
}
