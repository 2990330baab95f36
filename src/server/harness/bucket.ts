import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { MortiseError, reasonOf } from '../../errors.ts'

/** What lies in a bucket, in the order in which it is looked for. */
const names = ['plugin.wasm', 'plugin.js'] as const

/** A bucket that does not answer is not waited for longer than so many milliseconds. */
const patience = 30_000

/** Where plugins are put for a harness to fetch: a folder, or what answers `https:`. */
export interface Bucket {
  /** Reads the plugin: `ARTIFACT_UNREADABLE`. */
  read(): Promise<Uint8Array>
}

/**
 * Opens a bucket.
 *
 * @param place - a folder, or the `https:` URL that `plugin.wasm` or `plugin.js` lies below; a query, such as a signature, is kept
 * @param limit - bytes that a plugin may have
 * @throws MortiseError `OPTION_INVALID` for a URL of another kind; `http:` is for this machine alone
 */
export function openBucket(place: string, limit: number): Bucket {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(place)) return ofFiles(resolve(place))
  const url = URL.parse(place)
  const own = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  if (url === null || !(url.protocol === 'https:' || (own && url.protocol === 'http:'))) {
    throw new MortiseError(
      'OPTION_INVALID',
      `Cannot fetch plugins from '${place.slice(0, 200)}': a bucket is a folder, or an https: URL`,
    )
  }
  return overHttp(url, limit)
}

function ofFiles(folder: string): Bucket {
  return {
    async read() {
      for (const name of names) {
        try {
          return await readFile(join(folder, name))
        } catch (cause) {
          const absent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
          if (!absent) throw unreadable(`${join(folder, name)}: ${reasonOf(cause)}`, cause)
        }
      }
      throw unreadable(`${folder} holds no ${names.join(' and no ')}`)
    },
  }
}

function overHttp(base: URL, limit: number): Bucket {
  return {
    async read() {
      const signal = AbortSignal.timeout(patience)
      for (const name of names) {
        const url = new URL(base)
        url.pathname = `${base.pathname.replace(/\/$/, '')}/${name}`
        // A signature in the query is nobody's business.
        const shown = `${url.origin}${url.pathname}`
        try {
          const response = await fetch(url, { signal, redirect: 'error', cache: 'no-store' })
          if (response.ok) return await collect(response, limit)
          await response.body?.cancel()
          if (response.status !== 404) throw new Error(`it was answered with the status ${response.status}`)
        } catch (cause) {
          const why = cause instanceof Error && cause.cause !== undefined ? reasonOf(cause.cause) : reasonOf(cause)
          throw unreadable(`${shown}: ${why}`, cause)
        }
      }
      throw unreadable(`${base.origin}${base.pathname} holds no ${names.join(' and no ')}`)
    },
  }
}

async function collect({ body }: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const stream: AsyncIterable<Uint8Array> | readonly Uint8Array[] = body ?? []
  for await (const chunk of stream) {
    length += chunk.length
    if (length > limit) throw new Error(`it has more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}

const unreadable = (why: string, cause?: unknown): MortiseError =>
  new MortiseError('ARTIFACT_UNREADABLE', `Cannot fetch the plugin: ${why}`, { cause })
