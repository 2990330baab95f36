import { MortiseError } from '../../errors.ts'
import { decodeBase64 } from '../base64.ts'
import type { Extension } from './address.ts'
import { readHeaders, type ResponseHeaders } from './headers.ts'
import { isJsonType, isTextType, parseMediaType } from './media-type.ts'

/** What a request is answered with. */
export interface WebResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly body: string | Uint8Array | undefined
}

/**
 * Makes a response of what a web action answered. Of `{"error":…}` it is made of what the error is.
 *
 * @throws MortiseError `WEB_RESPONSE` where the answer cannot be what was asked for
 */
export function render(answer: unknown, extension: Extension): WebResponse {
  const error = isObject(answer) ? answer['error'] : undefined
  return shown[extension](error ?? answer)
}

const shown: Readonly<Record<Extension, (result: unknown) => WebResponse>> = {
  http: asHttp,
  json(result) {
    if (typeof result !== 'object' || result === null) refuse('application/json')
    return ok('application/json', JSON.stringify(result))
  },
  html: (result) => ok('text/html; charset=utf-8', projected(result, 'html') ?? refuse('text/html')),
  svg: (result) => ok('image/svg+xml', projected(result, 'svg') ?? refuse('image/svg+xml')),
  text(result) {
    const text = projected(result, 'text')
    return ok('text/plain; charset=utf-8', text ?? JSON.stringify(result, undefined, 2))
  },
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ok = (type: string, body: string): WebResponse => ({ status: 200, headers: { 'content-type': type }, body })

/** The text of a result: itself, or what it has under a name or as `body`. */
function projected(result: unknown, name: string): string | undefined {
  if (typeof result === 'string') return result
  if (!isObject(result)) return undefined
  return [result[name], result['body']].find((text) => typeof text === 'string')
}

function asHttp(result: unknown): WebResponse {
  if (!isObject(result)) refuse('message/http')
  const { statusCode, body } = result
  const headers = readHeaders(result['headers']) ?? refuse('message/http')
  if (body === undefined || body === null || body === '')
    return { status: statusOf(statusCode, 204), headers, body: undefined }
  const status = statusOf(statusCode, 200)
  const given = headers['content-type']
  const type = parseMediaType(
    typeof given === 'string' ? given : typeof body === 'string' ? 'text/html' : 'application/json',
  )
  if (type === undefined) wrong('Response did not specify a known content-type.')
  if (typeof body !== 'string') {
    if (!isJsonType(type)) wrong('Response type in header did not match generated content type.')
    return { status, headers: { 'content-type': type.essence, ...headers }, body: JSON.stringify(body) }
  }
  if (given === undefined) return { status, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body }
  if (isJsonType(type)) return { status, headers, body: isJson(body) ? body : (bytesOf(body) ?? body) }
  if (isTextType(type)) return { status, headers, body }
  return {
    status,
    headers,
    body: bytesOf(body) ?? wrong('Response type in header did not match generated content type.'),
  }
}

/** A whole number, or the text of one. */
function statusOf(given: unknown, otherwise: number): number {
  if (given === undefined) return otherwise
  const status = typeof given === 'string' && /^\d{3}$/.test(given) ? Number(given) : given
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599) return status
  return refuse('message/http')
}

function bytesOf(text: string): Uint8Array | undefined {
  const bytes = decodeBase64(text)
  return typeof bytes === 'number' ? undefined : bytes
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function refuse(type: string): never {
  return wrong(`Response is not valid '${type}'.`)
}

function wrong(sentence: string): never {
  throw new MortiseError('WEB_RESPONSE', sentence)
}
