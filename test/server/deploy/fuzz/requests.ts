import { createHash } from 'node:crypto'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Described } from './description.ts'
import type { Values } from './values.ts'

/** Who a request is from. */
export type Caller = 'deploy' | 'read' | 'invoke' | 'revoked' | 'wrong' | 'nobody'

/** A request that was drawn. */
export interface Drawn {
  readonly operation: Described
  readonly method: string
  readonly path: string
  readonly caller: Caller
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string | undefined
}

const callers = ['read', 'invoke', 'revoked', 'wrong', 'nobody'] as const
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
const encodings = ['gzip', 'br', 'zstd', 'deflate', 'identity', 'gzip, br', ''] as const
const types = ['application/json', 'text/plain', 'application/octet-stream', 'multipart/form-data', 'x'] as const

/** Draws a request for an operation: often one that fits, else with something wrong in one of its parts. */
export function draw(operation: Described, values: Values): Drawn {
  const wrong = values.one([
    '',
    '',
    '',
    'path',
    'query',
    'body',
    'body',
    'body',
    'headers',
    'method',
    'caller',
  ] as const)
  const parameters = operation.inPath.map(({ name, schema }) => {
    const text = wrong === 'path' ? values.strange() : String(values.fitting(schema))
    return [
      name,
      values.chance(0.9) ? encodeURIComponent(text.toWellFormed()) : encodeURI(text.toWellFormed()),
    ] as const
  })
  const body = bodyOf(operation, values, wrong === 'body')
  const digest = body instanceof Uint8Array ? createHash('sha256').update(body).digest('hex') : undefined
  let path = operation.path
  for (const [name, text] of parameters)
    path = path.replace(`{${name}}`, () =>
      name === 'digest' && digest !== undefined && wrong !== 'path' ? digest : text,
    )
  const sent = body instanceof Uint8Array ? packed(body, values, wrong === 'body') : { body, headers: typeOf(body) }
  return {
    operation,
    method: wrong === 'method' ? values.one(methods) : operation.method,
    path: `${path}${queryOf(operation, values, wrong === 'query')}`,
    caller: wrong === 'caller' ? values.one(callers) : 'deploy',
    headers: wrong === 'headers' ? strangeHeaders(values) : sent.headers,
    body: sent.body,
  }
}

function bodyOf({ body, uploads }: Described, values: Values, wrong: boolean): Uint8Array | string | undefined {
  if (uploads) return values.bytes(values.one([0, 10, 2000]))
  if (body === undefined) return wrong ? JSON.stringify(values.anything()) : undefined
  const value = values.fitting(body)
  if (!wrong) return JSON.stringify(value)
  const text = JSON.stringify(values.spoiled(value)) ?? ''
  return values.one([text, text, text, text.slice(1), `${text},`, '', ' ', '{', '\uFEFF{}', 'x'.repeat(2 ** 20 + 1)])
}

function packed(
  bytes: Uint8Array,
  values: Values,
  wrong: boolean,
): { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> } {
  if (wrong) return { body: bytes, headers: { 'content-encoding': values.one(encodings) } }
  const pack = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync }
  const encoding = values.one(['gzip', 'br', 'zstd', 'identity'] as const)
  return encoding === 'identity'
    ? { body: bytes, headers: {} }
    : { body: pack[encoding](bytes), headers: { 'content-encoding': encoding } }
}

function queryOf({ inQuery, streams }: Described, values: Values, wrong: boolean): string {
  if (wrong)
    return `?${encodeURIComponent(values.strange().toWellFormed())}=${encodeURIComponent(values.strange().toWellFormed())}`
  const chosen = inQuery
    .filter(({ name }) => name !== 'follow' && values.chance(0.5))
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(values.fitting(schema)))}`)
  // It would go on for ever.
  const all = streams ? ['follow=false', ...chosen] : chosen
  return all.length === 0 ? '' : `?${all.join('&')}`
}

const typeOf = (body: string | undefined): Readonly<Record<string, string>> =>
  body === undefined ? {} : { 'content-type': 'application/json' }

function strangeHeaders(values: Values): Readonly<Record<string, string>> {
  const printable = (): string => values.strange().replaceAll(/[^\x20-\x7e]/g, '?')
  return values.one([
    { 'content-type': values.one(types) },
    { 'content-type': printable() },
    { 'content-encoding': printable() },
    { 'last-event-id': printable() },
    { origin: 'https://example.org' },
    { host: 'example.org' },
    { 'sec-fetch-site': 'cross-site' },
    { expect: '200-maybe' },
    { 'x-forwarded-for': printable(), 'x-http-method-override': 'DELETE' },
    { cookie: 'x'.repeat(8000) },
    { accept: printable(), 'if-none-match': '*' },
  ])
}
