import { readFile } from 'node:fs/promises'
import type { Invoke } from '../dev/calls.ts'
import { MortiseError, reasonOf } from '../errors.ts'

/** Characters of an answer that are shown. */
const most = 10_000

/**
 * Calls a guest as a client does, with what is in a file: of an action its parameters, of an HTTP handler a request, as
 * `{ method, path, headers, body }`, each of which may be left out.
 *
 * @returns a function that throws MortiseError `EVENT_INVALID`, and `SERVER_UNREACHABLE`
 */
export function invoker(file: string): Invoke {
  return async (url, { contract }, signal) => {
    const value = await read(file)
    const [to, init] =
      contract === 'http' ? requestOf(file, url, value) : [url, { method: 'POST', body: JSON.stringify({ value }) }]
    try {
      const response = await fetch(to, { ...init, redirect: 'manual', signal })
      return { status: response.status, text: (await response.text()).slice(0, most) }
    } catch (cause) {
      const why = cause instanceof Error && cause.cause !== undefined ? reasonOf(cause.cause) : reasonOf(cause)
      throw new MortiseError('SERVER_UNREACHABLE', `Cannot call the guest at ${to}: ${why}`, { cause })
    }
  }
}

function requestOf(file: string, url: string, given: object): readonly [string, RequestInit] {
  const request: Readonly<Record<string, unknown>> = {
    method: 'GET',
    path: new URL(url).pathname,
    headers: {},
    ...given,
  }
  const { method, path, headers, body } = request
  if (typeof method !== 'string') return refuse(file, "its 'method' is no text")
  if (typeof path !== 'string' || !path.startsWith('/')) return refuse(file, "its 'path' does not begin with a slash")
  if (typeof headers !== 'object' || headers === null) return refuse(file, "its 'headers' are no object")
  const texts = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)])
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return [new URL(url).origin + path, { method, headers: texts, ...(sent !== undefined && { body: sent }) }]
}

async function read(file: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof value === 'object' && value !== null) return value
  } catch (cause) {
    return refuse(file, reasonOf(cause))
  }
  return refuse(file, 'it is not a JSON object')
}

function refuse(file: string, why: string): never {
  throw new MortiseError('EVENT_INVALID', `Cannot call the guest with '${file}': ${why}`)
}
