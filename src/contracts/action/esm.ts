import type { Binding } from '../../contract.ts'
import { reasonOf } from '../../errors.ts'
import { GuestFault } from '../../fault.ts'
import type { ActionHooks } from './action.ts'
import { isJsonObject, stringifyEvent } from './json.ts'

/**
 * An action as an ES module: `export function main(event, context)`, which may return a promise. It gets and gives copies:
 * what it keeps of an event, or changes in its result later, reaches nobody.
 */
export const actionOnEsm: Binding<ActionHooks, 'esm', 'async'> = {
  mode: 'async',
  check({ exports }) {
    const main = exports.find(({ name }) => name === 'main')
    if (main === undefined) return ["export 'main' is missing: it must be a function"]
    return main.type === 'function' ? [] : [`export 'main' is ${main.type}, and must be a function`]
  },
  imports: () => ({}),
  bind(instance) {
    const { exports, context } = instance.unit
    const { main } = exports
    if (typeof main !== 'function') throw new TypeError('the module was bound before it was checked')
    const call = instance.guard.async('main', async (event: string) => {
      const result: unknown = await Reflect.apply(main, undefined, [JSON.parse(event), context()])
      return copy(result)
    })
    return { main: async (event) => call(stringifyEvent(event)) }
  },
}

function copy(result: unknown): ReturnType<ActionHooks['main']> {
  let text: string | undefined
  try {
    text = JSON.stringify(result)
  } catch (cause) {
    throw new GuestFault('GUEST_RESULT', `it answered with what JSON cannot say: ${reasonOf(cause)}`)
  }
  const value: unknown = text === undefined ? undefined : JSON.parse(text)
  if (!isJsonObject(value))
    throw new GuestFault(
      'GUEST_RESULT',
      `it answered with what is not a JSON object: ${(text ?? typeof result).slice(0, 80)}`,
    )
  return value
}
