import { inspect } from 'node:util'
import type { Definition } from '../contracts/typed/definition.ts'
import { MortiseError } from '../errors.ts'

/** How a guest is compiled. */
export interface BuildOptions {
  /**
   * What the optimizer works for; `none` is for builds in a hurry, as on every save while developing. For `size` functions lose
   * their names too, which stack traces show, unless hosts of the contract go by them.
   *
   * @default 'speed'
   */
  readonly optimize?: 'none' | 'size' | 'speed'
  /**
   * The garbage collector. Without one a guest only ever allocates, and gets its memory back when the host restores it.
   * A guest that keeps state over the plugin's life needs one: `incremental` works in small steps while it runs, `minimal`
   * makes for smaller and faster guests but walks through everything that lives once per call, so it is for little state.
   *
   * @default 'none'; `minimal` for plugins of a scheduler
   */
  readonly gc?: 'none' | 'minimal' | 'incremental'
  /**
   * The contract that the guest is for: its name, or a typed one as `contract` of `mortise/contract` makes it.
   *
   * @default the contract of the `tenon/…` that the guest imports from, else `action`
   */
  readonly contract?: 'action' | 'extension' | 'http' | 'scheduler' | { readonly definition: Definition }
  /**
   * The folder that the guest may read its modules from, for guests that nobody vouches for: any other is as if it were not there.
   *
   * @default any folder
   */
  readonly within?: string
}

/** What of the options is the compiler's. */
export type CompilerOptions = Required<Pick<BuildOptions, keyof typeof choices>>

/** What `optimize` and `gc` can be, in the order of their numbers for the compiler. */
export const choices = {
  optimize: ['none', 'size', 'speed'],
  gc: ['none', 'minimal', 'incremental'],
} as const

/** The contracts that have no types of their own. */
export const contractNames = ['action', 'extension', 'http', 'scheduler'] as const

/** Options that were looked at. */
export interface Parsed extends Pick<CompilerOptions, 'optimize'> {
  /** Undefined where the contract decides. */
  readonly gc: CompilerOptions['gc'] | undefined
  readonly contract: ContractName | Definition | undefined
  readonly within: string | undefined
}

type ContractName = (typeof contractNames)[number]

/** The one parser of {@link BuildOptions}. */
export function parseOptions(options: BuildOptions): Parsed {
  const names = [...Object.keys(choices), 'contract', 'within']
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      const known = names.join("', '")
      throw new MortiseError('OPTION_UNKNOWN', `Cannot build with the option '${name}': there is '${known}'`)
    }
  }
  return Object.freeze({
    optimize: choose('optimize', choices.optimize, options.optimize, 'speed'),
    gc: choose('gc', choices.gc, options.gc, undefined),
    contract: contractOf(options.contract),
    within: folderOf(options.within),
  })
}

function folderOf(within: unknown): string | undefined {
  if (within === undefined || typeof within === 'string') return within
  throw new MortiseError(
    'OPTION_INVALID',
    `Cannot build with 'within' set to ${show(within)}: it is the path of a folder`,
  )
}

/** Callers without a type checker give whatever they like. */
function contractOf(contract: unknown): Parsed['contract'] {
  if (contract === undefined) return undefined
  const name = contractNames.find((one) => one === contract)
  if (name !== undefined) return name
  if (isTyped(contract)) return contract.definition
  throw new MortiseError(
    'OPTION_INVALID',
    `Cannot build with 'contract' set to ${show(contract)}: it is '${contractNames.join("', '")}' or what 'contract' of 'mortise/contract' made`,
  )
}

function isTyped(contract: unknown): contract is { readonly definition: Definition } {
  if (typeof contract !== 'object' || contract === null || !('definition' in contract)) return false
  const { definition } = contract
  return typeof definition === 'object' && definition !== null && 'hooks' in definition && 'types' in definition
}

function choose<T extends string, F>(name: string, all: readonly T[], value: T | undefined, fallback: F): T | F {
  if (value === undefined) return fallback
  if (all.includes(value)) return value
  const wanted = `it is '${all.join("', '")}'`
  throw new MortiseError('OPTION_INVALID', `Cannot build with '${name}' set to ${show(value)}: ${wanted}`)
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : inspect(value, { depth: 0, breakLength: Infinity })
}
