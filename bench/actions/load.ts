import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { wrong } from '../engine/work.ts'

/** What is sent, and what must come back, of the request of a number. */
export interface Talk {
  readonly path: string
  readonly body: (n: number) => string
  readonly answer: (n: number) => string
}

/** What a load found, in milliseconds. */
export interface Found {
  readonly wall: number
  /** Of each request. */
  readonly latencies: readonly number[]
}

/**
 * Connections that each send one request after another. They are written by hand over sockets, because a client that takes longer than
 * the server hides how long that takes.
 */
export class Load {
  readonly #connections: readonly Connection[]
  #sent = 0

  private constructor(sockets: readonly Socket[], host: string) {
    this.#connections = sockets.map((socket) => new Connection(socket, host))
  }

  static async open(port: number, connections: number): Promise<Load> {
    const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1').setNoDelay(true))
    await Promise.all(sockets.map((socket) => once(socket, 'connect')))
    return new Load(sockets, `127.0.0.1:${port}`)
  }

  /** Sends requests over all connections for so many milliseconds. Rejects at the first wrong answer. */
  async run(milliseconds: number, talk: Talk): Promise<Found> {
    const latencies: number[] = []
    const start = performance.now()
    const next = (): number | undefined =>
      latencies.length > 0 && performance.now() - start > milliseconds ? undefined : this.#sent++
    const done = (took: number): void => void latencies.push(took)
    await Promise.all(this.#connections.map((connection) => connection.talk(talk, next, done)))
    return { wall: performance.now() - start, latencies }
  }
}

/** One request at a time. */
class Connection {
  readonly #socket: Socket
  readonly #host: string
  #received = ''
  #whole: (status: string, body: string) => void = () => {}
  #failed: (error: Error) => void = () => {}

  constructor(socket: Socket, host: string) {
    this.#socket = socket.setEncoding('utf8')
    this.#host = host
    socket.on('data', (text: string) => this.#take(text))
    socket.on('error', (error) => this.#failed(error))
    socket.on('close', () => this.#failed(new Error('the server closed a connection')))
  }

  talk(talk: Talk, next: () => number | undefined, done: (took: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#failed = reject
      const step = (): void => {
        const n = next()
        if (n === undefined) return resolve()
        const sent = performance.now()
        this.#whole = (status, body) => {
          done(performance.now() - sent)
          if (status !== '200' || body.trimEnd() !== talk.answer(n)) return reject(new Error(`${status} ${body}`))
          step()
        }
        this.#send(talk.path, talk.body(n))
      }
      step()
    })
  }

  #send(path: string, body: string): void {
    const length = Buffer.byteLength(body)
    const head = `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
    this.#socket.write(head + body)
  }

  #take(text: string): void {
    this.#received += text
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#received.slice(0, end)
    const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? wrong(head)
    // All that is measured answers in ASCII, of which a character is a byte.
    const whole = end + 4 + Number(length)
    if (this.#received.length < whole) return
    const body = this.#received.slice(end + 4)
    this.#received = ''
    this.#whole(head.slice(9, 12), body)
  }
}
