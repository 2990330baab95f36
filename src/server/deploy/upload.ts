import type { IncomingMessage } from 'node:http'
import type { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createZstdDecompress } from 'node:zlib'
import { MortiseError, reasonOf } from '../../errors.ts'

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** Uploads that are taken at a time: each is in memory until it is whole. */
const atOnce = 8

/** Takes the bodies of uploads, compressed or not, each up to a limit. */
export class Uploads {
  readonly #limit: number
  #underWay = 0

  /** @param limit - bytes that one may have, and may unpack to */
  constructor(limit: number) {
    this.#limit = limit
  }

  /**
   * Reads a body, unpacked.
   *
   * @throws MortiseError `QUEUE_FULL`, `REQUEST_TOO_LARGE`; `REQUEST_INVALID` for an encoding that is not known, and what is damaged
   */
  async read(request: IncomingMessage): Promise<Uint8Array> {
    if (this.#underWay >= atOnce)
      throw new MortiseError('QUEUE_FULL', `Cannot take an upload: ${atOnce} are under way. Try again in a second`)
    this.#underWay++
    try {
      return await this.#read(request)
    } finally {
      this.#underWay--
    }
  }

  async #read(request: IncomingMessage): Promise<Uint8Array> {
    const limit = this.#limit
    const { 'content-encoding': encoding = 'identity', 'content-length': length } = request.headers
    const decode = Object.hasOwn(decoders, encoding) ? decoders[encoding] : undefined
    if (decode === undefined && encoding !== 'identity') {
      throw new MortiseError(
        'REQUEST_INVALID',
        `Cannot take an upload in the encoding '${encoding.slice(0, 60)}'. Send it as ${Object.keys(decoders).join(', ')}, or as it is`,
      )
    }
    if (Number(length ?? 0) > limit) throw tooLarge(limit)
    const chunks: Uint8Array[] = []
    const collect = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
      let size = 0
      for await (const chunk of source) {
        size += chunk.length
        if (size > limit) throw tooLarge(limit)
        chunks.push(chunk)
      }
    }
    try {
      if (decode === undefined) await collect(request)
      else await pipeline(request, decode(), collect)
    } catch (cause) {
      if (MortiseError.is(cause)) throw cause
      throw new MortiseError('REQUEST_INVALID', `Cannot take an upload: ${reasonOf(cause)}`, { cause })
    }
    return Buffer.concat(chunks)
  }
}

const tooLarge = (limit: number): MortiseError =>
  new MortiseError('REQUEST_TOO_LARGE', `Cannot take an upload: it has, or unpacks to, more than ${limit} bytes`, {
    limit,
  })
