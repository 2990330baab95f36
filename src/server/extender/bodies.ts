import type { IncomingMessage } from 'node:http'
import { MortiseError } from '../../errors.ts'
import { readBody } from '../body.ts'

/** How many bodies of the largest size may be under way. */
const most = 4
/** Bodies of so many bytes are worth a buffer that is used again. */
const large = 2 ** 20
/** Buffers that wait for their next body. */
const mostSpare = 2

/** The body of a request, which may be used until it is released. */
export interface Body {
  readonly bytes: Buffer
  release(): void
}

/**
 * Reads the bodies of requests, and no more of them at once than there is room for. Large ones are read into buffers that are used again
 * and again: fresh memory for 30 MB, piece by piece and then in one, takes longer than all that is done with it.
 */
export class Bodies {
  readonly #limit: number
  readonly #spare: Buffer[] = []
  /** Bytes under way. */
  #bytes = 0

  /** @param limit - bytes of one body */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** @throws MortiseError `REQUEST_TOO_LARGE`, `QUEUE_FULL`; `REQUEST_INVALID` where the client went away before its end */
  async read(request: IncomingMessage): Promise<Body> {
    const length = Number(request.headers['content-length'] ?? NaN)
    const reserved = Math.min(Number.isNaN(length) ? this.#limit : length, this.#limit)
    this.#reserve(reserved)
    try {
      const isLarge = length >= large && length <= this.#limit
      const buffer = isLarge ? this.#take(length) : undefined
      const bytes = buffer === undefined ? await readBody(request, this.#limit) : await fill(request, buffer, length)
      let released = false
      return {
        bytes,
        release: () => {
          if (released) return
          released = true
          this.#bytes -= reserved
          if (buffer !== undefined) this.#keep(buffer)
        },
      }
    } catch (error) {
      this.#bytes -= reserved
      throw error
    }
  }

  #reserve(bytes: number): void {
    const limit = most * this.#limit
    if (this.#bytes + bytes > limit) {
      const sentence = `Cannot take a request: those under way have more than ${limit} bytes with it. Ask again`
      throw new MortiseError('QUEUE_FULL', sentence, { limit })
    }
    this.#bytes += bytes
  }

  #take(length: number): Buffer {
    const fits = this.#spare.findIndex((buffer) => buffer.length >= length)
    const [spare] = fits < 0 ? [] : this.#spare.splice(fits, 1)
    return spare ?? Buffer.allocUnsafeSlow(Math.ceil(length / large) * large)
  }

  /** The larger ones are kept: they are of use for smaller bodies too. */
  #keep(buffer: Buffer): void {
    this.#spare.push(buffer)
    this.#spare.sort((one, other) => one.length - other.length)
    if (this.#spare.length > mostSpare) this.#spare.shift()
  }
}

/** Reads a body into a buffer with room for it. Node ends what is longer than it said, and what is shorter. */
function fill(request: IncomingMessage, buffer: Buffer, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const gone = (cause?: unknown): void =>
      reject(new MortiseError('REQUEST_INVALID', 'Cannot read the body of a request: it broke off', { cause }))
    let at = 0
    request.on('data', (chunk: Buffer) => {
      at += chunk.copy(buffer, at)
    })
    request.once('end', () => (at === length ? resolve(buffer.subarray(0, length)) : gone()))
    request.once('error', gone)
    request.once('close', gone)
  })
}
