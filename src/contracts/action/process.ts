import type { Binding } from '../../contract.ts'
import { MortiseError, reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { ActionHooks } from './action.ts'
import { isJsonObject, type JsonObject, stringifyEvent } from './json.ts'

/**
 * An action as a program: `{"value":<event>}` goes in as one line, and the result comes out as one, as in the ActionLoop
 * protocol of Apache OpenWhisk. A JavaScript module is called as `main(event, context)`.
 */
export const actionOnProcess: Binding<ActionHooks, 'process', 'async'> = {
  mode: 'async',
  check: () => [],
  imports: () => ({}),
  bind({ unit, guard }) {
    const type = unit.exports === undefined ? 'function' : unit.exports['main']
    if (type !== 'function') refuse(type)
    const call = guard('main', async (event: string) => parseResult(await unit.exchange(`{"value":${event}}`)))
    return { main: async (event) => call(stringifyEvent(event)) }
  },
}

function refuse(type: string | undefined): never {
  const problem =
    type === undefined
      ? "export 'main' is missing: it must be a function"
      : `export 'main' is ${type}, and must be a function`
  const message = `Cannot plug the artifact: it does not fit the contract 'action':\n  ${problem}`
  throw new MortiseError('MODULE_REFUSED', message, { problems: [problem] })
}

function parseResult(text: string): JsonObject {
  let result: unknown
  try {
    result = JSON.parse(text)
  } catch (cause) {
    throw new GuestFault('GUEST_RESULT', `it answered with what is not JSON: ${reasonOf(cause)}`)
  }
  if (isJsonObject(result)) return result
  throw new GuestFault('GUEST_RESULT', `it answered with JSON that is not an object: ${text.slice(0, 80)}`)
}
