import { MortiseError } from '../../errors.ts'
import type { ModuleInfo, Section } from './module.ts'
import { Reader } from './reader.ts'

/** What the optional `name` section says. */
export interface Names {
  readonly module: string | undefined
  readonly functions: ReadonlyMap<number, string>
}

/**
 * Reads the `name` section. It carries no meaning for the engine, so a broken one is read as far as it goes
 * and never refuses a module.
 */
export function readNames(module: ModuleInfo): Names {
  const functions = new Map<number, string>()
  const section = customSection(module, 'name')
  let moduleName: string | undefined
  try {
    const reader = new Reader(module.bytes, section?.body ?? 0, section?.end ?? 0)
    while (!reader.done) {
      const id = reader.u8()
      const part = reader.part(reader.u32())
      if (id === 0) moduleName = part.name()
      if (id === 1) part.vector(() => functions.set(part.u32(), part.name()))
    }
  } catch (error) {
    if (!MortiseError.is(error, 'MODULE_INVALID')) throw error
  }
  return { module: moduleName, functions }
}

/** One tool of the `producers` section: `processed-by` `clang` `17.0`. */
export interface Producer {
  readonly field: string
  readonly name: string
  readonly version: string
}

/** Reads the `producers` section, as far as it can be read. */
export function readProducers(module: ModuleInfo): readonly Producer[] {
  const producers: Producer[] = []
  const section = customSection(module, 'producers')
  try {
    const reader = new Reader(module.bytes, section?.body ?? 0, section?.end ?? 0)
    if (section !== undefined) {
      reader.vector(() => {
        const field = reader.name()
        reader.vector(() => producers.push({ field, name: reader.name(), version: reader.name() }))
      })
    }
  } catch (error) {
    if (!MortiseError.is(error, 'MODULE_INVALID')) throw error
  }
  return producers
}

/** What Tenon's compiler says about a guest that it made. */
export interface TenonInfo {
  readonly version: string
  readonly contract: string
  /** The garbage collector that the guest brings, or `none`. */
  readonly gc: string
}

/** Reads the `tenon` section; one that is not as Tenon writes it is none. */
export function readTenon(module: ModuleInfo): TenonInfo | undefined {
  const section = customSection(module, 'tenon')
  if (section === undefined) return undefined
  try {
    const said: unknown = JSON.parse(new TextDecoder().decode(module.bytes.subarray(section.body, section.end)))
    if (typeof said !== 'object' || said === null) return undefined
    const { version = '', contract = '', gc = '' }: { version?: unknown; contract?: unknown; gc?: unknown } = said
    return { version: String(version), contract: String(contract), gc: String(gc) }
  } catch {
    return undefined
  }
}

function customSection(module: ModuleInfo, name: string): Section | undefined {
  return module.sections.findLast((section) => section.id === 0 && section.name === name)
}
