import type { Binding } from '../../contract.ts'
import { type Handle, handlerOf } from './handler.ts'
import type { HttpHooks } from './http.ts'

/** A module that answers requests by `export default { fetch(request, context) }`, or by `export function Handler(request, response)`. */
export const httpOnEsm: Binding<HttpHooks, 'esm', 'async'> = {
  mode: 'async',
  // What a default export has is seen when it is there.
  check: () => [],
  imports: () => ({}),
  bind({ unit: { exports, context }, guard }) {
    const handle = handlerOf(exports)
    const call = guard.async('fetch', (answer: ReturnType<Handle>) => answer(context()))
    return { fetch: async (request) => call(handle(request)) }
  },
}
