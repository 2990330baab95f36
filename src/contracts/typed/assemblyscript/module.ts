import { madeBy } from '../bindings/made-by.ts'
import type { Definition } from '../definition.ts'
import { kebabCase } from '../names.ts'
import type { Type } from '../types.ts'
import { CallCode } from './calls.ts'
import { classes } from './classes.ts'
import { Functions, listed } from './functions.ts'
import { moduleName } from './names.ts'

/** A contract in AssemblyScript. */
export interface AssemblyScriptModules {
  /** What guests import: classes for the types, the host functions, and the code that takes values to memory and back. */
  readonly bindings: string
  /** What is compiled with a guest: functions that the host calls, each of which calls one of the guest's. */
  readonly exports: string
  /** For each function of `exports`, what it is to be called in the WebAssembly module. */
  readonly exported: ReadonlyMap<string, string>
}

/** How the exports find the guest. */
export interface GuestModule {
  /** What the guest's functions are imported by. */
  readonly path: string
  /** What the bindings are imported by. */
  readonly bindings: string
  /** Whether the guest gives a value as a function, and not as a variable. */
  isFunction(value: string): boolean
}

/** Writes the modules of a contract. */
export function assemblyScript(definition: Definition, guest: GuestModule = usual(definition)): AssemblyScriptModules {
  const functions = new Functions()
  const calls = new CallCode(functions, definition)
  const host = Object.entries(definition.hostFunctions).map(([name, type]) => calls.hostFunction(name, type))
  const hooks = Object.entries(definition.hooks).map(([name, type]) =>
    calls.hook(name, type, (args) => `own_${name}(${args})`),
  )
  const values = Object.entries(definition.values).map(([name, result]) =>
    calls.hook(name, { params: {}, result }, () => `own_${name}${guest.isFunction(name) ? '()' : ''}`),
  )
  const names = [...Object.keys(definition.hooks), ...Object.keys(definition.values)]
  const glue = [...hooks, ...values].join('\n')
  const ownClasses = classes(definition, tupleSizes(definition))
  const own = [...ownClasses.matchAll(/^export (?:class|enum) (\w+)/gm)].map(([, name = '']) => name)
  const code = functions.text === '' ? [] : [forTheBuild, functions.text]
  const bindings = [ownClasses, ...host, ...code].filter((part) => part !== '').join('\n')
  return {
    bindings: `${header}${paragraph(tenonImports(bindings, true))}${bindings}`,
    exports: [
      header,
      paragraph([
        importLine(
          names.map((name) => `${name} as own_${name}`),
          guest.path,
        ),
        importLine(
          [...functions.names, ...own].filter((name) => mentions(glue, name)),
          guest.bindings,
        ),
        ...tenonImports(glue, false),
        "export { cabi_realloc } from 'tenon/contract/_abi'\n",
      ]),
      glue,
    ].join(''),
    exported: new Map(names.map((name) => [`hook_${name}`, kebabCase(name)])),
  }
}

/** The guest's entry file is `index.ts`, beside the bindings. */
function usual({ name }: Definition): GuestModule {
  return { path: './index', bindings: `./${moduleName(name)}`, isFunction: () => false }
}

const header = madeBy('assemblyscript', '//')
const forTheBuild = `// How values lie in memory: for what 'mortise build' compiles with a guest.\n`

const words = ['Nothing', 'Result', 'Some']
const abi = ['begin', 'drop', 'mark', 'numbers', 'release', 'room', 'text']

/** Imports of what a text mentions of tenon. Guests get its words from the bindings too. */
function tenonImports(text: string, again: boolean): readonly string[] {
  const own = words.filter((name) => mentions(text, name))
  const aliases = abi.filter((name) => mentions(text, `__${name}`)).map((name) => `${name} as __${name}`)
  return [
    importLine(own, 'tenon/contract'),
    importLine(aliases, 'tenon/contract/_abi'),
    again && own.length > 0 ? `export { ${own.join(', ')} }\n` : '',
  ]
}

const importLine = (names: readonly string[], path: string): string =>
  names.length === 0 ? '' : `${listed('import { ', names, ` } from '${path}'`)}\n`
const paragraph = (lines: readonly string[]): string => (lines.join('') === '' ? '' : `${lines.join('')}\n`)
const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text)

/** How many items the tuples of a contract have: each number once, from the smallest. */
function tupleSizes({ types, hooks, hostFunctions, values }: Definition): readonly number[] {
  const sizes = new Set<number>()
  const look = (type: Type | null): void => {
    if (type?.kind === 'tuple') sizes.add(type.items.length)
    for (const part of type === null ? [] : partsOf(type)) look(part)
  }
  for (const type of types) look(type)
  for (const type of Object.values(values)) look(type)
  for (const { params, result } of [...Object.values(hooks), ...Object.values(hostFunctions)])
    for (const type of [...Object.values(params), result]) look(type)
  return [...sizes].toSorted((a, b) => a - b)
}

function partsOf(type: Type): readonly (Type | null)[] {
  switch (type.kind) {
    case 'list':
      return [type.element]
    case 'option':
      return [type.some]
    case 'result':
      return [type.ok, type.err]
    case 'tuple':
      return type.items
    case 'record':
      return Object.values(type.fields)
    case 'variant':
      return Object.values(type.cases)
    default:
      return []
  }
}
