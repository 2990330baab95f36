import type { ServerResponse } from 'node:http'

/** Those that a new listener is told of first, and those that may listen. */
const remembered = 100
const mostListeners = 100
/** Bytes that may wait for a listener before it is cut off. */
const mostWaiting = 2 ** 20
/** Between two comments that keep a connection alive, in milliseconds. */
const beat = 15_000

interface Listener {
  readonly response: ServerResponse
  readonly wants: (plugin: string) => boolean
}

interface Sent {
  readonly plugin: string
  readonly text: string
}

/** Events of one sort, as streams of server-sent events. Who listens too slowly is cut off, and may ask again. */
export class EventHub {
  readonly #listeners = new Set<Listener>()
  #last: Sent[] = []
  #count = 0
  #timer: NodeJS.Timeout | undefined

  /** @param event - what happened, in a word @param data - what goes with it */
  send(plugin: string, event: string, data: object): void {
    const text = `id: ${++this.#count}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
    this.#last = [...this.#last.slice(1 - remembered), { plugin, text }]
    for (const listener of this.#listeners) if (listener.wants(plugin)) this.#write(listener, text)
  }

  /**
   * Answers a request with the events to come, and with the last ones before them.
   *
   * @returns whether there was room for one more listener
   */
  stream(response: ServerResponse, wants: Listener['wants'] = () => true): boolean {
    if (this.#listeners.size >= mostListeners) return false
    const listener = { response, wants }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    this.#listeners.add(listener)
    response.once('close', () => this.#drop(listener))
    this.#timer ??= setInterval(() => this.#beat(), beat).unref()
    this.#write(listener, ': mortise\n\n')
    for (const { plugin, text } of this.#last) if (wants(plugin)) this.#write(listener, text)
    return true
  }

  /** Ends all streams. */
  close(): void {
    for (const { response } of this.#listeners) response.end()
    clearInterval(this.#timer)
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
