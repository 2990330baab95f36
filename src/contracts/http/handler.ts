import type { EsmContext } from '../../units.ts'
import type { HttpRequest, HttpResponse } from './http.ts'
import { nodeHandler } from './node-handler.ts'
import { webHandler } from './web-handler.ts'

/** How a module answers a request: what the request cannot be is refused first, `INPUT_INVALID`, and then the module is called. */
export type Handle = (request: HttpRequest) => (context: Pick<EsmContext, 'log'>) => Promise<HttpResponse>

/**
 * How a module answers requests: by `export default { fetch }`, else by `export function Handler`.
 *
 * @returns why it cannot, where it has neither
 */
export function handlerOf(exports: Readonly<Record<string, unknown>>): Handle | string {
  const site = exports['default']
  const fetch: unknown = isObject(site) ? Reflect.get(site, 'fetch') : undefined
  if (isFunction(fetch)) return webHandler((...args) => Reflect.apply(fetch, site, args))
  const handler = exports['Handler']
  if (isFunction(handler)) return nodeHandler(handler)
  const found = handler === undefined ? `'default'${says(site, fetch)}` : `'Handler' is a ${typeof handler}`
  return `export ${found}: it must be 'export default { fetch(request) { … } }' or 'export function Handler(request, response)'`
}

function says(site: unknown, fetch: unknown): string {
  if (site === undefined) return ' is missing'
  return fetch === undefined ? " has no 'fetch'" : ` has a ${typeof fetch} as its 'fetch'`
}

const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null)
const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value === 'function'
