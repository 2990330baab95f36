import { Buffer } from 'node:buffer'
import type { Surface } from '../../runtime.ts'
import { hookSymbol, hostPrefix, hostSymbol, names } from '../abi.ts'
import type { Image } from './image.ts'

/** What a library asks for and offers, as its file says it. The names alone: no library says the types of its functions. */
export function surfaceOf(image: Image): Surface {
  const all = [...image.exports.keys()]
    .toSorted()
    .map((name) => ({ name, type: image.exports.get(name)?.type ?? 'data' }))
  const contract = contractOf(image)
  return {
    imports: all
      .filter(({ name, type }) => name.startsWith(hostPrefix) && type === 'data')
      .map(({ name }) => ({ name: name.slice(hostPrefix.length), type: 'function' })),
    exports: all.filter(({ name }) => !name.startsWith(hostPrefix)),
    ...(contract !== '' && { contract }),
  }
}

/** The version of the ABI that a library has; `undefined` for one that is not made for this host. */
export function versionOf({ exports, bytes }: Image): number | undefined {
  const symbol = exports.get(names.version)
  const offset = symbol?.type === 'data' ? symbol.offset : undefined
  if (offset === undefined || offset + 4 > bytes.length) return undefined
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true)
}

/** The text that `MORTISE_PLUGIN` was given. */
function contractOf({ exports, bytes }: Image): string {
  const symbol = exports.get(names.contract)
  if (symbol?.type !== 'data' || symbol.offset === undefined) return ''
  const end = bytes.indexOf(0, symbol.offset)
  return Buffer.from(bytes.buffer, bytes.byteOffset + symbol.offset, Math.max(0, end - symbol.offset)).toString('utf8')
}

/** What a binding needs of a library, by name. */
export interface WantedSymbols {
  /** Hooks of the native ABI, as the contract names them. */
  readonly hooks?: readonly string[]
  /** Other functions. */
  readonly functions?: readonly string[]
  /** The host functions that the contract has, as it names them: a library may ask for these and no others. */
  readonly hostFunctions?: readonly string[]
}

/**
 * Makes the check of a binding to `native`.
 *
 * @param wanted - `hooks`, `functions` and `hostFunctions`, each empty by default
 * @returns a function that says in one sentence each which symbol is missing, and which host function does not exist
 */
export function requireSymbols({
  hooks = [],
  functions = [],
  hostFunctions = [],
}: WantedSymbols): (surface: Surface) => readonly string[] {
  const needed = [...(hooks.length > 0 ? [names.init] : []), ...hooks.map(hookSymbol), ...functions]
  const known = new Set(hostFunctions.map(hostSymbol))
  return ({ exports, imports }) => {
    const there = new Map(exports.map(({ name, type }) => [name, type]))
    return [
      ...needed
        .filter((name) => there.get(name) !== 'function')
        .map((name) => `it has to export a function '${name}', and ${there.has(name) ? 'that is data' : 'does not'}`),
      ...imports
        .filter(({ name }) => !known.has(hostPrefix + name))
        .map(({ name }) => `it asks for a host function '${name}', and the contract has none of this name`),
    ]
  }
}
