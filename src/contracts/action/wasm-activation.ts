import type { Binding } from '../../contract.ts'
import { wasmFunction } from '../../wasm/function.ts'
import { requireSurface } from '../../wasm/link.ts'
import type { ActivationHooks } from './activation.ts'
import { parametersOf, parseRequest, settingsOf } from './request.ts'
import { checkLength } from './wasm-event.ts'

/** An activation of a WebAssembly module with the ABI of actions: it sees the parameters, and the rest of the request as settings. */
export const activationOnWasm: Binding<ActivationHooks, 'wasm', 'sync'> = {
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
  bind({ unit, guard }) {
    const { exports, memory } = unit
    const newString = wasmFunction(exports, 'string_new')
    const main = wasmFunction(exports, 'main')
    const call = guard('main', (value: string): string => {
      const pointer = newString(value.length * 2)
      memory.writeUtf16(pointer, value)
      const result = main(pointer)
      return result === 0 ? '{}' : memory.readString(result)
    })
    return {
      main(request) {
        const parsed = parseRequest(request)
        const value = parametersOf(parsed, request)
        checkLength(value, memory.limit)
        unit.configure(() => settingsOf(parsed))
        try {
          return call(value)
        } finally {
          unit.configure(nothing)
        }
      },
    }
  },
}

const nothing = (): Readonly<Record<string, string>> => ({})
