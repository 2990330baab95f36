import type { EsmContext } from '../../units.ts'
import { moduleRefused } from '../typed/refusal.ts'
import type { HttpRequest, HttpResponse } from './http.ts'
import { nodeHandler } from './node-handler.ts'
import { webHandler } from './web-handler.ts'

/** How a module answers a request: what the request cannot be is refused first, `INPUT_INVALID`, and then the module is called. */
export type Handle = (request: HttpRequest) => (context: Pick<EsmContext, 'log'>) => Promise<HttpResponse>

/** A function that answers requests, and whose types it has: those of the Fetch standard, or those of `node:http`. */
interface Found {
  readonly kind: 'web' | 'node'
  readonly call: (...args: unknown[]) => unknown
}

/** How a module answers requests that are whole, and is given answers that are. @throws MortiseError `MODULE_REFUSED` */
export function handlerOf(exports: Readonly<Record<string, unknown>>): Handle {
  const { kind, call } = handlerIn(exports)
  return kind === 'web' ? webHandler(call) : nodeHandler(call)
}

/**
 * What of a module answers requests: `export default { fetch }`, else `export function Handler`.
 *
 * @throws MortiseError `MODULE_REFUSED` where it has neither
 */
export function handlerIn(exports: Readonly<Record<string, unknown>>): Found {
  const site = exports['default']
  const fetch: unknown = isObject(site) ? Reflect.get(site, 'fetch') : undefined
  if (isFunction(fetch)) return { kind: 'web', call: (...args) => Reflect.apply(fetch, site, args) }
  const handler = exports['Handler']
  if (isFunction(handler)) return { kind: 'node', call: handler }
  const found = handler === undefined ? `'default'${says(site, fetch)}` : `'Handler' is a ${typeof handler}`
  throw moduleRefused('http', [
    `export ${found}: it must be 'export default { fetch(request) { … } }' or 'export function Handler(request, response)'`,
  ])
}

function says(site: unknown, fetch: unknown): string {
  if (site === undefined) return ' is missing'
  return fetch === undefined ? " has no 'fetch'" : ` has a ${typeof fetch} as its 'fetch'`
}

const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null)
const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === 'function'
