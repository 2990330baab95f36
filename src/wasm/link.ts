import type { Port, Surface } from '../runtime.ts'
import { assemblyscriptModule, assemblyscriptTypes } from './assemblyscript.ts'
import { tenonModule, tenonTypes } from './tenon.ts'
import { wasiModule, wasiTypes } from './wasi/types.ts'

/** Names with the type that each must have: `func (i32) -> (i32)`, `memory`. */
export type Ports = Readonly<Record<string, string>>

/** What a contract wants of a module. */
export interface Wanted {
  /** Exports that must be there. */
  readonly exports?: Ports
  /** Exports that may be missing, but not of another type. */
  readonly optional?: Ports
  /** Host functions that the contract offers, by module: the module may import them. */
  readonly imports?: Readonly<Record<string, Ports>>
}

const functions = (types: Ports): Ports =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, `func ${type}`]))

/** What every guest may import, whatever its contract. */
const ambient: Readonly<Record<string, Ports>> = {
  [wasiModule]: functions(wasiTypes),
  [assemblyscriptModule]: functions(assemblyscriptTypes),
  [tenonModule]: functions(tenonTypes),
}

/**
 * Makes the check of a contract's `wasm` binding. V8 links any JavaScript function to any signature, so this is where a
 * module that was built for something else is found out, before anything of it runs.
 *
 * @returns a function that lists every missing and mismatched import and export
 */
export function requireSurface(wanted: Wanted): (surface: Surface) => readonly string[] {
  return (surface) => [
    ...surface.imports.flatMap((port) => importProblem(port, wanted.imports ?? {})),
    ...Object.entries(wanted.exports ?? {}).flatMap(([name, type]) => exportProblem(surface, name, type, true)),
    ...Object.entries(wanted.optional ?? {}).flatMap(([name, type]) => exportProblem(surface, name, type, false)),
  ]
}

function importProblem({ module = '', name, type }: Port, offered: Readonly<Record<string, Ports>>): string[] {
  // The runtime makes the memory of a module that imports one, under whatever name.
  if (type === 'memory') return []
  const label = `import '${name}' of module '${module}'`
  const have = own(own(offered, module) ?? {}, name) ?? own(own(ambient, module) ?? {}, name)
  if (have === undefined) {
    const known = Object.hasOwn(offered, module) || Object.hasOwn(ambient, module)
    return [`${label} (${type}) is not there: the host has no such ${known ? 'function' : 'module'}`]
  }
  return have === type ? [] : [`${label} is declared as ${type}, and the host has ${have}`]
}

function exportProblem(surface: Surface, name: string, type: string, required: boolean): string[] {
  const have = surface.exports.find((port) => port.name === name)
  if (have === undefined) return required ? [`export '${name}' is missing: it must be ${type}`] : []
  return have.type === type ? [] : [`export '${name}' is ${have.type}, and must be ${type}`]
}

/** A record's own property: names come from the artifact, and `constructor` is a name. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
