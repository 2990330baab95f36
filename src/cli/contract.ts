import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Definition } from '../contracts/typed/definition.ts'
import { MortiseError, reasonOf } from '../errors.ts'

/** What the commands need of a typed contract. */
export interface Defined {
  readonly definition: Definition
}

/**
 * Loads a typed contract from a module, which runs: it is the user's own code.
 *
 * @param path - a JavaScript or TypeScript module
 * @param name - of the export, where there are several contracts
 * @throws MortiseError `CONTRACT_UNREADABLE`
 */
export async function loadContract(path: string, name?: string): Promise<Defined> {
  const module = await importModule(path)
  const contracts = new Map(Object.entries(module).filter((entry): entry is [string, Defined] => isContract(entry[1])))
  const names = [...contracts.keys()]
  const chosen = name === undefined && names.length === 1 ? names[0] : name
  const contract = chosen === undefined ? undefined : contracts.get(chosen)
  if (contract !== undefined) return contract
  const why =
    names.length === 0
      ? "it exports no typed contract: export what 'contract' of 'mortise/contract' makes"
      : name === undefined
        ? `it exports several contracts: choose one with --export ${names.join(' or --export ')}`
        : `it exports no contract '${name}', but ${names.map((one) => `'${one}'`).join(', ')}`
  throw new MortiseError('CONTRACT_UNREADABLE', `Cannot take a contract from '${path}': ${why}`)
}

async function importModule(path: string): Promise<object> {
  try {
    const module: unknown = await import(pathToFileURL(resolve(path)).href)
    return typeof module === 'object' && module !== null ? module : {}
  } catch (cause) {
    throw new MortiseError('CONTRACT_UNREADABLE', `Cannot load the contract '${path}': ${reasonOf(cause)}`, { cause })
  }
}

function isContract(value: unknown): value is Defined {
  if (typeof value !== 'object' || value === null || !('definition' in value)) return false
  const { definition } = value
  return typeof definition === 'object' && definition !== null && 'hooks' in definition && 'types' in definition
}
