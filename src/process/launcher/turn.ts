import { AsyncLocalStorage } from 'node:async_hooks'
import { StringDecoder } from 'node:string_decoder'
import { flush, say } from './answers.ts'
import type { Fields } from './fields.ts'

export type Stream = 'stdout' | 'stderr'

const levelOf = { stdout: 'info', stderr: 'error' } as const

/** A longer line is cut, since a call need never end it. */
const longestLine = 65_536

/** The call that something runs in. */
export const turns: AsyncLocalStorage<Turn | undefined> = new AsyncLocalStorage()

/** Those that have begun a line, which must not be lost where the process ends. */
const unfinished = new Set<Turn>()
process.on('exit', () => {
  for (const turn of unfinished) turn.end()
})

/** One call, by its number, and what it prints. */
export class Turn {
  readonly number: number
  /** What its line says beside the event, and the same as settings, once somebody has asked. */
  activation: Fields | undefined
  settings: Readonly<Record<string, string>> | undefined
  #ended = false
  #printed: Record<Stream, { readonly decoder: StringDecoder; partial: string }> | undefined

  constructor(number: number) {
    this.number = number
  }

  /** Writes a line of the call. Not only in the end: what ends the process need not leave time for it. */
  log(fields: Readonly<Record<string, unknown>>): void {
    say(`${this.number} #${JSON.stringify(fields)}`)
    flush()
  }

  /** Takes what is printed: text, or bytes that need not be whole characters. */
  print(stream: Stream, chunk: string | Uint8Array): void {
    this.#printed ??= {
      stdout: { decoder: new StringDecoder(), partial: '' },
      stderr: { decoder: new StringDecoder(), partial: '' },
    }
    const printed = this.#printed[stream]
    const lines = (printed.partial + (typeof chunk === 'string' ? chunk : printed.decoder.write(chunk))).split('\n')
    printed.partial = lines.pop() ?? ''
    for (const line of lines) this.#line(stream, line)
    for (; printed.partial.length > longestLine; printed.partial = printed.partial.slice(longestLine))
      this.#line(stream, printed.partial.slice(0, longestLine))
    if (this.#ended) this.#rest()
    else unfinished.add(this)
  }

  /** It is answered: what is left of a line goes out, and from now on nothing waits for the end of one. */
  end(): void {
    this.#ended = true
    if (this.#printed === undefined) return
    unfinished.delete(this)
    this.#rest()
  }

  #rest(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      const { decoder, partial } = this.#printed?.[stream] ?? {}
      const rest = (partial ?? '') + (decoder?.end() ?? '')
      if (this.#printed !== undefined) this.#printed[stream].partial = ''
      if (rest !== '') this.#line(stream, rest)
    }
  }

  #line(source: Stream, text: string): void {
    this.log({ source, level: levelOf[source], text })
  }
}
