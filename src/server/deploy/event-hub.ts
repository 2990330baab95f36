import { randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { EventMemory, type Remembered } from './event-memory.ts'

/** Those that may listen. */
const mostListeners = 100
/** Bytes that may wait for a listener before it is cut off. */
const mostWaiting = 2 ** 20
/** Between two comments that keep a connection alive, in milliseconds. */
const beat = 15_000

interface Listener {
  readonly response: ServerResponse
  readonly wants: (plugin: string) => boolean
}

/** What somebody who listens asks for. */
export interface Listening {
  /** The plugins of which it wants to know. Default: all. */
  readonly wants?: (plugin: string) => boolean
  /** The `Last-Event-ID` of an earlier connection: what came after it is sent, and no more. */
  readonly last?: string | undefined
  /** Whether it waits for what is to come. Default: true. */
  readonly follow?: boolean
}

/** Events of one sort, as streams of server-sent events. Who listens too slowly is cut off, and may ask again. */
export class EventHub {
  readonly #listeners = new Set<Listener>()
  readonly #memory = new EventMemory()
  /** Events are counted from 1 in each process: their ids say in which. */
  readonly #process = randomBytes(6).toString('hex')
  #count = 0
  #timer: NodeJS.Timeout | undefined

  /** @param event - what happened, in a word @param data - what goes with it */
  send(plugin: string, event: string, data: object): void {
    const sent = { number: ++this.#count, event, data: JSON.stringify(data) }
    this.#memory.add(plugin, sent)
    if (this.#listeners.size === 0) return
    const text = this.#text(sent)
    for (const listener of this.#listeners) if (listener.wants(plugin)) this.#write(listener, text)
  }

  /**
   * Answers a request with the events to come, and with the last ones before them.
   *
   * @returns whether there was room for one more listener
   */
  stream(response: ServerResponse, { wants = () => true, last, follow = true }: Listening = {}): boolean {
    if (this.#listeners.size >= mostListeners) return false
    const listener = { response, wants }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    // What it has seen of another process says nothing about this one.
    const [process, number] = last?.split('.') ?? []
    const seen = process === this.#process ? Number(number) : 0
    const { events, missed } = this.#memory.after(seen, wants)
    const gap = missed && last !== undefined ? 'event: missed\ndata: {}\n\n' : ''
    response.write(`: mortise\n\n${gap}${events.map((event) => this.#text(event)).join('')}`)
    if (!follow) {
      response.end()
      return true
    }
    this.#listeners.add(listener)
    response.once('close', () => this.#drop(listener))
    this.#timer ??= setInterval(() => this.#beat(), beat).unref()
    return true
  }

  /** Ends all streams. */
  close(): void {
    for (const { response } of this.#listeners) response.end()
    clearInterval(this.#timer)
  }

  #text({ number, event, data }: Remembered): string {
    return `id: ${this.#process}.${number}\nevent: ${event}\ndata: ${data}\n\n`
  }

  #beat(): void {
    for (const listener of this.#listeners) this.#write(listener, ': \n\n')
  }

  #write({ response }: Listener, text: string): void {
    if (response.writableLength > mostWaiting) response.destroy()
    else response.write(text)
  }

  #drop(listener: Listener): void {
    this.#listeners.delete(listener)
    if (this.#listeners.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
