import { MortiseError } from '../../errors.ts'
import { parseDuration, parseSize } from '../../limits.ts'
import { checkKeys, checkOption } from '../../options.ts'

/** What an extension says that it uses. */
export interface Declaration {
  /**
   * The storages that it may read: names such as `sys.View`, or with one entity of them `sys.View(app.OrderedItems)`. Default: all
   * that the state has.
   */
  readonly state?: readonly string[]
  /** The storages that it may write to, in the same form. Default: all that the state has. */
  readonly intents?: readonly string[]
}

/** What one call of an extension may have. */
export interface ExtensionLimits {
  /** Keys, values and intents; default 100,000. */
  readonly handles?: number
  /** Bytes of what it puts into keys and intents, names included, and 16 for each field of a key that is copied; default 16 MiB. */
  readonly written?: number | string
  /**
   * Errors of calls have the texts of the reference engine, those of a memory overflow with the stack by function names. Their codes and
   * details stay. Default: false.
   */
  readonly strict?: boolean
}

/** What calls of extensions that may wait may have. */
export interface AsyncExtensionLimits extends ExtensionLimits {
  /** Milliseconds that one call may be suspended in all; its deadline is for the time that it runs. Default 30 s. */
  readonly wait?: number | string
  /** Calls of one plugin under way, each on an instance of its own; default 64. */
  readonly instances?: number
  /** Calls beyond those, which wait until one has ended; default 1,000. */
  readonly queue?: number
}

/** The same, parsed. */
export interface ParsedDeclaration {
  readonly name: string
  readonly state: ReadonlySet<string> | undefined
  readonly intents: ReadonlySet<string> | undefined
}

export interface ParsedExtensionLimits {
  readonly handles: number
  readonly written: number
  readonly strict: boolean
}

export interface ParsedAsyncLimits extends ParsedExtensionLimits {
  readonly wait: number
  readonly instances: number
  readonly queue: number
}

const form = /^[^.()]+\.[^.()]+(?:\([^()]+\))?$/

/** The one parser of what extensions declare. */
export function parseDeclarations(
  declared: Readonly<Record<string, Declaration>>,
  reserved: (name: string) => boolean,
): ReadonlyMap<string, ParsedDeclaration> {
  checkKeys(declared, Object.keys(declared), 'extensions()')
  const names = Object.keys(declared)
  checkOption('extensions', declared, names.length > 0, 'at least one extension by name')
  return new Map(
    names.map((name) => {
      if (reserved(name)) {
        throw new MortiseError(
          'CONTRACT_INVALID',
          `Cannot declare the extension '${name}': incorrect extension name: ${name}. The ABI has this name for itself`,
        )
      }
      checkKeys(declared[name], ['state', 'intents'], `extension '${name}'`)
      const { state, intents } = declared[name]
      return [name, { name, state: parseList('state', state), intents: parseList('intents', intents) }]
    }),
  )
}

/** The one parser of the limits of extensions. */
export function parseExtensionLimits(limits: ExtensionLimits): ParsedExtensionLimits {
  checkKeys(limits, ['handles', 'written', 'strict'], 'the limits of extensions()')
  return parseCommon(limits)
}

/** The one parser of the limits of extensions that may wait. */
export function parseAsyncLimits(limits: AsyncExtensionLimits): ParsedAsyncLimits {
  checkKeys(limits, ['handles', 'written', 'strict', 'wait', 'instances', 'queue'], 'the limits of asyncExtensions()')
  const { wait = '30 s', instances = 64, queue = 1000 } = limits
  checkOption('instances', instances, Number.isSafeInteger(instances) && instances > 0, 'a whole number above 0')
  checkOption('queue', queue, Number.isSafeInteger(queue) && queue >= 0, 'a whole number')
  return { ...parseCommon(limits), wait: parseDuration('wait', wait), instances, queue }
}

function parseCommon({
  handles = 100_000,
  written = '16 MiB',
  strict = false,
}: ExtensionLimits): ParsedExtensionLimits {
  checkOption('handles', handles, Number.isSafeInteger(handles) && handles > 0, 'a whole number above 0')
  checkOption('strict', strict, typeof strict === 'boolean', 'true or false')
  return { handles, written: parseSize('written', written, '16 MiB'), strict }
}

function parseList(option: string, list: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (list === undefined) return undefined
  const fits = Array.isArray(list) && list.every((one: unknown) => typeof one === 'string' && form.test(one))
  checkOption(option, list, fits, "a list of storages, such as ['sys.View', 'sys.View(app.OrderedItems)']")
  return new Set(list)
}
