import { isObject } from './abi/fit.ts'
import type { Definition } from './definition.ts'
import { describe } from './describe.ts'

/** How many differences are worth a sentence each. */
const most = 50

/**
 * What differs between a contract and the description of it that a guest carries, one sentence each.
 *
 * @param guest - the text in the guest, which may be anything; nothing differs where it has none
 */
export function differences(definition: Definition, guest: string | undefined): readonly string[] {
  const ours = describe(definition)
  if (guest === undefined || guest === '' || guest === ours) return []
  let theirs: unknown
  try {
    theirs = JSON.parse(guest)
  } catch {
    return ['the description of its contract is not JSON']
  }
  if (!isObject(theirs)) return ['the description of its contract is not an object']
  const found = [...compare(JSON.parse(ours), theirs, [])]
  if (found.length > most) return [...found.slice(0, most), `and ${found.length - most} more differences`]
  // Names that come in another order lie elsewhere in memory.
  return found.length > 0 ? found : ['its contract has the same names in another order']
}

type Path = readonly string[]

function* compare(here: unknown, there: unknown, path: Path): Generator<string> {
  if (isObject(here) && isObject(there) && Array.isArray(here) === Array.isArray(there)) {
    for (const key of new Set([...Object.keys(here), ...Object.keys(there)])) {
      yield* compare(Reflect.get(here, key), Reflect.get(there, key), [...path, key])
    }
  } else if (here !== there) yield `${place(path)} is ${said(here)} here and ${said(there)} in the guest`
}

/** `types, user, record, mail` as `record 'user': field 'mail'`. */
function place([section = '', name, ...rest]: Path): string {
  if (name === undefined) return section === 'contract' ? 'the name of the contract' : `'${section}'`
  if (section !== 'types') {
    const what = `${section.replace('-', ' ').replace(/s$/, '')} '${name}'`
    const [part, param] = rest
    if (part === 'params' && param !== undefined) return `${what}: parameter '${param}'`
    return part === undefined ? what : `${what}: its ${part}`
  }
  const [kind, part] = rest
  if (kind === undefined) return `type '${name}'`
  const parts: Readonly<Record<string, string>> = { record: 'field', variant: 'case', enum: 'case', flags: 'flag' }
  return part === undefined ? `${kind} '${name}'` : `${kind} '${name}': ${parts[kind] ?? 'part'} '${part}'`
}

function said(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'nothing'
  if (typeof value === 'string') return value.slice(0, 60)
  return Array.isArray(value) ? value.join(' | ').slice(0, 60) : 'there'
}
