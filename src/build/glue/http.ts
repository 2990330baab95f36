import { descriptionSection } from '../../contract.ts'
import { typedHooks } from '../../contracts/http/definition.ts'
import { componentType } from '../../contracts/typed/bindings/component-type.ts'
import { checkContract } from '../../contracts/typed/check.ts'
import { describe } from '../../contracts/typed/describe.ts'
import type { Found } from '../entry.ts'
import type { Gluer, Refusal } from './glue.ts'
import { withState } from './state.ts'

const wanted = "export it as 'export function fetch(request: Request): Response', with both from 'tenon/http'"
const definition = checkContract({ name: 'http', hooks: typedHooks, hostFunctions: {}, values: {} })

/** The parameters of `fetch` by the canonical ABI: place and length of method, URI, headers and body. */
const parameters = ['method', 'uri', 'headers', 'body'].flatMap((name) => [`${name}: usize`, `${name}_length: i32`])
const passed = parameters.map((parameter) => parameter.replace(/:.*/, '')).join(', ')

/** `fetch(request: Request): Response`. */
export const http: Gluer = {
  name: 'http',
  glue(entry, path) {
    const fetch = entry.find('fetch')
    const refusal = fetch === undefined ? { message: `There is no function 'fetch': ${wanted}` } : check(fetch)
    if (refusal !== undefined || fetch === undefined) return refusal ?? { message: '' }
    const request = `__tenon_request(${passed})`
    const call =
      fetch.parameters?.length === 0
        ? `${request}; return __tenon_answer(fetch())`
        : `return __tenon_answer(fetch(${request}))`
    const module = withState(
      [`export { __tenon_fetch as fetch } from '${path}'`, "export { cabi_realloc } from 'tenon/contract/_abi'"].join(
        '\n',
      ),
      entry,
      path,
    )
    if (typeof module !== 'string') return module
    return {
      tail: [
        "import { request as __tenon_request, answer as __tenon_answer } from 'tenon/http/_guest'",
        `export function __tenon_fetch(${parameters.join(', ')}): usize { ${call} }`,
      ].join('; '),
      module,
      range: fetch.range,
      sections: [
        [descriptionSection, Buffer.from(describe(definition))],
        ['component-type:http', componentType(definition, 'utf16')],
      ],
    }
  },
}

function check({ range, other, exported, generic, parameters: given = [], result }: Found): Refusal | undefined {
  const refuse = (why: string): Refusal => ({ message: `'fetch' ${why}: ${wanted}`, range })
  if (other !== undefined) return refuse(`is ${other}`)
  if (!exported) return refuse('is not exported')
  if (generic === true) return refuse('is generic, and the host could not say with which types')
  if (given.length > 1) return refuse(`takes ${given.length} parameters`)
  if (given[0]?.required === false) return refuse('takes an optional parameter, but a request always comes')
  return result === '' || result === 'void' ? refuse('has no result type') : undefined
}
