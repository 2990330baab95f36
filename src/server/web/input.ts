import type { IncomingMessage } from 'node:http'
import { MortiseError, reasonOf } from '../../errors.ts'
import type { WebSettings } from '../registry.ts'
import type { Address } from './address.ts'
import { isJsonType, isTextType, parseMediaType } from './media-type.ts'

/** A request to a web action. */
export interface WebRequest extends Pick<Address, 'path' | 'query'> {
  readonly request: IncomingMessage
  readonly body: Buffer
  /** Who asks, where that was proved. */
  readonly user: string | undefined
}

type Parameters = Readonly<Record<string, unknown>>

/**
 * What a web action is called with: its own parameters, then those of the query, then those of the body, and the request itself in
 * parameters that begin with `__ow_`. A `raw` one gets query and body as they came.
 *
 * @throws MortiseError `REQUEST_INVALID` for a body that is not what its type says, and for parameters that are not the caller's to set
 */
export function readInput(from: WebRequest, { raw, parameters }: WebSettings): Parameters {
  const { request, body, path, query, user } = from
  const itself = {
    __ow_method: (request.method ?? '').toLowerCase(),
    // The proof of who asks is the token of this server, which a function has no use for.
    __ow_headers: user === undefined ? request.headers : { ...request.headers, authorization: undefined },
    __ow_path: path,
    ...(user !== undefined && { __ow_user: user }),
  }
  const type = request.headers['content-type'] ?? ''
  if (raw) return { ...parameters, ...itself, __ow_query: query, __ow_body: rawBody(body, type) }
  const { fields, opaque } = readBody(body, type)
  const given = { ...Object.fromEntries(new URLSearchParams(query)), ...fields }
  const theirs = Object.keys(given).find((name) => name.startsWith('__ow_') || Object.hasOwn(parameters, name))
  if (theirs !== undefined) {
    throw new MortiseError(
      'REQUEST_INVALID',
      'Request defines parameters that are not allowed (e.g., reserved properties).',
      { field: theirs },
    )
  }
  return { ...parameters, ...given, ...itself, ...(opaque !== undefined && { __ow_body: opaque }) }
}

/** A body: parameters by name, or something that is one parameter as a whole. */
interface ReadBody {
  readonly fields: Parameters
  readonly opaque?: unknown
}

function readBody(body: Buffer, type: string): ReadBody {
  if (body.length === 0) return { fields: {} }
  const media = parseMediaType(type)
  if (media === undefined || !isTextType(media)) return { fields: {}, opaque: body.toString('base64') }
  const text = body.toString()
  if (media.essence === 'application/x-www-form-urlencoded')
    return { fields: Object.fromEntries(new URLSearchParams(text)) }
  if (!isJsonType(media)) return { fields: {}, opaque: text }
  const value = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fields: {}, opaque: value }
  return { fields: Object.fromEntries(Object.entries(value)) }
}

function rawBody(body: Buffer, type: string): string {
  const media = parseMediaType(type)
  const text = body.length === 0 || (media !== undefined && isTextType(media) && !isJsonType(media))
  return body.toString(text ? 'utf8' : 'base64')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MortiseError('REQUEST_INVALID', `The request content was malformed: ${reasonOf(cause)}`, { cause })
  }
}
