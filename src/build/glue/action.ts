import type { Found } from '../entry.ts'
import type { Gluer, Refusal } from './glue.ts'
import { withState } from './state.ts'

const wanted = "export it as 'export function main(event: Event): Result', where both are @json classes or 'string'"
const text = /^string(\s*\|\s*null)?$|^null\s*\|\s*string$/

/** `main(event: Event): Result`; no event and no result will do too. */
export const action: Gluer = {
  name: 'action',
  glue(entry, path) {
    const main = entry.find('main')
    const refusal = main === undefined ? { message: `There is no function 'main': ${wanted}` } : check(main)
    if (refusal !== undefined || main === undefined) return refusal ?? { message: '' }
    const event = main.parameters?.[0]?.type
    const taken =
      event === undefined ? '' : event === 'string' ? '__tenon_take(event)' : `__tenon_read<${event}>(event)`
    const begin = event === undefined ? '__tenon_skip(event); ' : ''
    const call = `main(${taken})`
    const result = main.result ?? ''
    const body =
      result === 'void'
        ? `${begin}${call}; return __tenon_nothing()`
        : `${begin}return ${text.test(result) ? '__tenon_give' : `__tenon_write<${result}>`}(${call})`
    const module = withState(
      [
        `export { __tenon_main as main } from '${path}'`,
        "export { string_new } from 'tenon/_string'",
        "export { action_abi_1 } from 'tenon/action/_text'",
      ].join('\n'),
      entry,
      path,
    )
    if (typeof module !== 'string') return module
    const json = /__tenon_(read|write)</.test(body)
    return {
      tail: [
        "import { take as __tenon_take, skip as __tenon_skip, give as __tenon_give, nothing as __tenon_nothing } from 'tenon/action/_text'",
        json ? "import { read as __tenon_read, write as __tenon_write } from 'tenon/action/_json'" : '',
        `export function __tenon_main(event: usize): usize { ${body} }`,
      ].join('; '),
      module,
      range: main.range,
    }
  },
}

function check(main: Found): Refusal | undefined {
  const { range, parameters = [] } = main
  if (main.other !== undefined) return { message: `'main' is ${main.other}: ${wanted}`, range }
  if (!main.exported) return { message: `'main' is not exported: ${wanted}`, range }
  if (main.generic)
    return { message: `'main' is generic, and the host could not say with which types: ${wanted}`, range }
  if (parameters.length > 1) return { message: `'main' takes ${parameters.length} parameters: ${wanted}`, range }
  const [event] = parameters
  if (event?.required === false)
    return { message: `The parameter of 'main' is optional, but an event always comes: ${wanted}`, range: event.range }
  if (event?.type === '') return { message: `The parameter of 'main' has no type: ${wanted}`, range: event.range }
  if (main.result === '') return { message: `'main' has no result type: ${wanted}`, range }
  return undefined
}
