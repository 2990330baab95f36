import type { Binding } from '../../contract.ts'
import { MortiseError } from '../../errors.ts'
import { handlerOf } from './handler.ts'
import type { HttpHooks } from './http.ts'

/** A module that answers requests by `export default { fetch(request, context) }`, or by `export function Handler(request, response)`. */
export const httpOnEsm: Binding<HttpHooks, 'esm', 'async'> = {
  mode: 'async',
  // What a default export has is seen when it is there.
  check: () => [],
  imports: () => ({}),
  bind({ unit: { exports, context }, guard }) {
    const handle = handlerOf(exports)
    if (typeof handle === 'string') refuse(handle)
    const call = guard.async('fetch', (answer: ReturnType<typeof handle>) => answer(context()))
    return { fetch: async (request) => call(handle(request)) }
  },
}

function refuse(problem: string): never {
  const message = `Cannot plug the artifact: it does not fit the contract 'http':\n  ${problem}`
  throw new MortiseError('MODULE_REFUSED', message, { problems: [problem] })
}
