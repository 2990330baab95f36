import type { Binding } from '../../contract.ts'
import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { ActionHooks } from './action.ts'
import { isJsonObject, type JsonObject, stringifyEvent } from './json.ts'
import { checkLength } from './wasm-event.ts'
import { callerOf, checkModule, isCommand } from './wasm-module.ts'

/**
 * An action as a WebAssembly module, under the names of its first ABI. Event and result are JSON in UTF-16 with the length
 * in bytes in the 32 bits before it, which is AssemblyScript's string: JavaScript's strings reach the guest without a
 * change of encoding, lone surrogates included. Or as a command, which reads its event from standard input and prints its result.
 */
export const actionOnWasm: Binding<ActionHooks, 'wasm', 'sync'> = {
  mode: 'sync',
  check: checkModule,
  command: isCommand,
  imports: () => ({}),
  bind({ unit, guard }) {
    const { memory } = unit
    const answer = callerOf(unit)
    const call = guard('main', (event: string): JsonObject => {
      const result = answer(event)
      if (result === undefined) throw new GuestFault('GUEST_RESULT', 'it answered with nothing')
      return parseResult(result)
    })
    return {
      main(event) {
        const text = stringifyEvent(event)
        checkLength(text, memory.limit)
        return call(text)
      },
    }
  },
}

function parseResult(text: string): JsonObject {
  let result: unknown
  try {
    result = JSON.parse(text)
  } catch (cause) {
    throw new GuestFault('GUEST_RESULT', `it answered with what is not JSON: ${reasonOf(cause)}`)
  }
  if (!isJsonObject(result)) throw new GuestFault('GUEST_RESULT', 'it answered with JSON that is not an object')
  return result
}
