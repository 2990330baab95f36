import type { Binding } from '../../contract.ts'
import type { ActivationHooks } from './activation.ts'
import { parametersOf, parseRequest, settingsOf } from './request.ts'
import { checkLength } from './wasm-event.ts'
import { callerOf, checkModule, isCommand } from './wasm-module.ts'

/**
 * An activation of a WebAssembly module, with the ABI of actions or as a command: it sees the parameters, and the rest of the request
 * as settings.
 */
export const activationOnWasm: Binding<ActivationHooks, 'wasm', 'sync'> = {
  mode: 'sync',
  check: checkModule,
  command: isCommand,
  imports: () => ({}),
  bind({ unit, guard }) {
    const { memory } = unit
    const answer = callerOf(unit)
    const call = guard('main', (value: string) => answer(value) ?? '{}')
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
