import { GuestFault } from '../../fault.ts'
import type { Surface } from '../../runtime.ts'
import type { WasmUnit } from '../../units.ts'
import { wasmFunction } from '../../wasm/function.ts'
import { requireSurface } from '../../wasm/link.ts'

/**
 * Whether a module is a program as compilers for WASI make it in any language, and not one for the ABI of actions: it reads JSON from
 * its standard input, prints JSON and ends.
 */
export function isCommand({ exports }: Surface): boolean {
  const has = (name: string): boolean => exports.some((port) => port.name === name)
  return has('_start') && !has('_initialize') && !has('action_abi_1')
}

const checkCommand = requireSurface({ exports: { memory: 'memory', _start: 'func () -> ()' } })
const checkGuest = requireSurface({
  exports: {
    memory: 'memory',
    action_abi_1: 'func () -> ()',
    string_new: 'func (i32) -> (i32)',
    main: 'func (i32) -> (i32)',
  },
})

/** The check of an action, in either form. */
export const checkModule = (surface: Surface): readonly string[] =>
  (isCommand(surface) ? checkCommand : checkGuest)(surface)

/** What calls an action, in either form, inside of a guard: text in and text out, `undefined` for a result that is none. */
export function callerOf({ exports, memory, run }: WasmUnit): (text: string) => string | undefined {
  if (run !== undefined) return (text) => printed(run(encoder.encode(text)))
  const newString = wasmFunction(exports, 'string_new')
  const main = wasmFunction(exports, 'main')
  return (text) => {
    const pointer = newString(text.length * 2)
    memory.writeUtf16(pointer, text)
    const result = main(pointer)
    return result === 0 ? undefined : memory.readString(result)
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

function printed(output: Uint8Array): string {
  let text: string
  try {
    text = decoder.decode(output).trim()
  } catch {
    throw new GuestFault('GUEST_STRING', 'it printed what is not UTF-8')
  }
  if (text !== '') return text
  throw new GuestFault('GUEST_RESULT', 'it printed nothing, and has to print its result as JSON')
}
