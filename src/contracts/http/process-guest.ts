// Runs in the child process, where the launcher imports it: makes of a module what the lines call.
import { MortiseError, reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { EsmContext } from '../../units.ts'
import { type Handle, handlerOf } from './handler.ts'
import type { HttpRequest } from './http.ts'

/** A request as a line has it, and a response: their bodies are Base64. */
type Line<T extends { readonly body: Uint8Array }> = Omit<T, 'body'> & { readonly body: string }

/** The functions by which a module is called that answers requests; what is thrown keeps the process from starting. */
export function adapt(
  exports: Readonly<Record<string, unknown>>,
): Readonly<Record<string, (value: never, context: EsmContext) => unknown>> {
  const handle = found(exports)
  return {
    async fetch(request: Line<HttpRequest>, context) {
      const answer = taken(() => handle({ ...request, body: Buffer.from(request.body, 'base64') }))
      const response = await answer(context)
      return { ...response, body: Buffer.from(response.body).toString('base64') }
    },
  }
}

/** The launcher says what is wrong in a sentence, and whoever plugs the module in what that is about. */
function found(exports: Readonly<Record<string, unknown>>): Handle {
  try {
    return handlerOf(exports)
  } catch (error) {
    const [problem = reasonOf(error)] = MortiseError.is(error) ? (error.details.problems ?? []) : []
    throw new TypeError(problem, { cause: error })
  }
}

/** What the launcher tells apart from what the guest throws. */
function taken<T>(take: () => T): T {
  try {
    return take()
  } catch (error) {
    throw MortiseError.is(error) ? new GuestFault(error.code, error.message) : error
  }
}
