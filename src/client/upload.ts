import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'
import { MortiseError } from '../errors.ts'
import type { Transport } from './transport.ts'

/** An artifact that the server has now. */
export interface Uploaded {
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly digest: string
  /** Bytes that were sent, compressed; 0 where the server had it. */
  readonly sent: number
}

const compress = promisify(brotliCompress)
/** Of a module it makes what the quality 11 makes, but for a tenth, and in a hundredth of the time. */
const quality = 5

/** Puts an artifact where it is not there yet. */
export async function upload(transport: Transport, bytes: Uint8Array, signal?: AbortSignal): Promise<Uploaded> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const path = `/v1/artifacts/${digest}`
  if (await has(transport, digest, signal)) return { digest, sent: 0 }
  const small = await compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } })
  const packed = small.length < bytes.length
  const body = packed ? small : bytes
  const headers = {
    'content-type': 'application/octet-stream',
    ...(packed && { 'content-encoding': 'br' }),
  }
  await transport.ask({ method: 'PUT', path, headers, body, signal })
  return { digest, sent: body.length }
}

/** Whether the server has an artifact. */
export async function has(transport: Transport, digest: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await transport.ask({ method: 'HEAD', path: `/v1/artifacts/${digest}`, signal })
    return true
  } catch (error) {
    if (MortiseError.is(error, 'ARTIFACT_ABSENT')) return false
    throw error
  }
}
