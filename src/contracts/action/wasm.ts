import type { Binding } from '../../contract.ts'
import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import { wasmFunction } from '../../wasm/function.ts'
import { requireSurface } from '../../wasm/link.ts'
import type { ActionHooks } from './action.ts'
import { isJsonObject, type JsonObject, stringifyEvent } from './json.ts'
import { checkLength } from './wasm-event.ts'

/**
 * An action as a WebAssembly module, under the names of its first ABI. Event and result are JSON in UTF-16 with the length
 * in bytes in the 32 bits before it, which is AssemblyScript's string: JavaScript's strings reach the guest without a
 * change of encoding, lone surrogates included.
 */
export const actionOnWasm: Binding<ActionHooks, 'wasm', 'sync'> = {
  mode: 'sync',
  check: requireSurface({
    exports: {
      memory: 'memory',
      action_abi_1: 'func () -> ()',
      string_new: 'func (i32) -> (i32)',
      main: 'func (i32) -> (i32)',
    },
  }),
  imports: () => ({}),
  bind(instance) {
    const { exports, memory } = instance.unit
    const newString = wasmFunction(exports, 'string_new')
    const main = wasmFunction(exports, 'main')
    const call = instance.guard('main', (event: string): JsonObject => {
      const pointer = newString(event.length * 2)
      memory.writeUtf16(pointer, event)
      const result = main(pointer)
      if (result === 0) throw new GuestFault('GUEST_RESULT', 'it answered with nothing')
      return parseResult(memory.readString(result))
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
