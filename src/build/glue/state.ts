import type { Entry, Found } from '../entry.ts'
import type { Refusal } from './glue.ts'

/** The two functions by which the state of a guest outlives its version, as they have to be. */
const wanted = {
  dispose: 'export function dispose(): Uint8Array',
  accept: 'export function accept(state: Uint8Array): void',
}

/** What each is in the compiled module. */
const exported = {
  dispose: 'export function dispose(): usize { __tenon_leave(); return __tenon_give(__tenon_dispose()) }',
  accept: 'export function accept(at: usize, length: i32): void { __tenon_accept(__tenon_take(at, length)) }',
}

/**
 * Adds the functions by which a guest hands its state over to a module that is compiled, as far as the guest exports them.
 *
 * @param module - the text of the module, which exports `cabi_realloc` or is made to
 * @param path - what it imports the entry file by
 */
export function withState(module: string, entry: Entry, path: string): string | Refusal {
  const names = (['dispose', 'accept'] as const).filter((name) => entry.find(name)?.exported === true)
  if (names.length === 0) return module
  for (const name of names) {
    const found = entry.find(name)
    if (found !== undefined && !fits(name, found))
      return {
        message: `'${name}' is not what hands state over: write '${wanted[name]}', or call it otherwise`,
        range: found.range,
      }
  }
  return [
    module,
    `import { ${names.map((name) => `${name} as __tenon_${name}`).join(', ')} } from '${path}'`,
    "import { leave as __tenon_leave, give as __tenon_give, take as __tenon_take } from 'tenon/_state'",
    ...(module.includes('{ cabi_realloc }') ? [] : ["export { cabi_realloc } from 'tenon/contract/_abi'"]),
    ...names.map((name) => exported[name]),
  ].join('\n')
}

function fits(name: keyof typeof wanted, { other, generic, parameters = [], result }: Found): boolean {
  if (other !== undefined) return other === 'an export of something else'
  if (generic === true) return false
  const types = parameters.map(({ type }) => type).join()
  return name === 'dispose' ? types === '' && result === 'Uint8Array' : types === 'Uint8Array' && result === 'void'
}
