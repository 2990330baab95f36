import { MortiseError } from '../../errors.ts'
import { parseSize } from '../../limits.ts'
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
  /** Bytes of what it puts into keys and intents, names included; default 16 MiB. */
  readonly written?: number | string
}

/** The same, parsed. */
export interface ParsedDeclaration {
  readonly state: ReadonlySet<string> | undefined
  readonly intents: ReadonlySet<string> | undefined
}

export interface ParsedExtensionLimits {
  readonly handles: number
  readonly written: number
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
      return [name, { state: parseList('state', state), intents: parseList('intents', intents) }]
    }),
  )
}

/** The one parser of the limits of extensions. */
export function parseExtensionLimits(limits: ExtensionLimits): ParsedExtensionLimits {
  checkKeys(limits, ['handles', 'written'], 'the limits of extensions()')
  const { handles = 100_000, written = '16 MiB' } = limits
  checkOption('handles', handles, Number.isSafeInteger(handles) && handles > 0, 'a whole number above 0')
  return { handles, written: parseSize('written', written, '16 MiB') }
}

function parseList(option: string, list: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (list === undefined) return undefined
  const fits = Array.isArray(list) && list.every((one: unknown) => typeof one === 'string' && form.test(one))
  checkOption(option, list, fits, "a list of storages, such as ['sys.View', 'sys.View(app.OrderedItems)']")
  return new Set(list)
}
