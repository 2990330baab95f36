import { headOf } from '../../contracts/typed/assemblyscript/calls.ts'
import { assemblyScript } from '../../contracts/typed/assemblyscript/module.ts'
import { moduleName } from '../../contracts/typed/assemblyscript/names.ts'
import { componentType } from '../../contracts/typed/bindings/component-type.ts'
import type { Definition, FunctionType } from '../../contracts/typed/definition.ts'
import { descriptionSection } from '../../contract.ts'
import { describe } from '../../contracts/typed/describe.ts'
import { kebabCase } from '../../contracts/typed/names.ts'
import { spell } from '../../contracts/typed/assemblyscript/types.ts'
import type { Range } from '../assemblyscript.ts'
import type { Entry, Found } from '../entry.ts'
import type { Gluer, Refusal } from './glue.ts'
import { withState } from './state.ts'

/** Guests of a typed contract: a function for each hook, a function or a variable for each value. */
export function typed(definition: Definition): Gluer {
  const { name, hooks, values } = definition
  const wanted = new Map([
    ...Object.entries(hooks).map(([hook, type]) => [hook, asFunction(hook, type)] as const),
    ...Object.entries(values).map(([value, type]) => [value, `export const ${value}: ${spell(type)} = …`] as const),
  ])
  return {
    name,
    glue(entry, path) {
      const own = moduleName(name)
      if (path === `./${own}`)
        return { message: `'${own}.ts' is what the bindings of the contract are called: give the guest another name` }
      const refusal = refuse(entry, definition, wanted)
      if (refusal !== undefined) return refusal
      const bindings = entry.imports.find((one) => one.startsWith('.') && one.endsWith(`/${own}`)) ?? `./${own}`
      const modules = assemblyScript(definition, {
        path,
        bindings,
        isFunction: (value) => entry.find(value)?.other === undefined,
      })
      // Hooks and values of these names are the contract's.
      const module =
        wanted.has('dispose') || wanted.has('accept') ? modules.exports : withState(modules.exports, entry, path)
      if (typeof module !== 'string') return module
      const ranges = new Map([...wanted.keys()].flatMap((one) => rangeOf(entry, one)))
      const [range] = ranges.values()
      if (range === undefined) throw new TypeError(`the contract '${name}' has no hooks and no values`)
      return {
        tail: '',
        module,
        range,
        blame(offset) {
          const inside = [...module.slice(0, offset).matchAll(/^export function hook_(\w+)/gm)].at(-1)?.[1]
          const found = inside === undefined ? undefined : ranges.get(inside)
          return found && { range: found, wanted: `the contract '${name}' wants '${wanted.get(inside ?? '') ?? ''}'` }
        },
        exported: modules.exported,
        modules: new Map([[bindings.replace(/^\.\//, ''), modules.bindings]]),
        sections: [
          [descriptionSection, Buffer.from(describe(definition))],
          [`component-type:${kebabCase(name)}`, componentType(definition, 'utf16')],
        ],
      }
    },
  }
}

const asFunction = (name: string, type: FunctionType): string => `export function ${name}${headOf(type)}`

function rangeOf(entry: Entry, name: string): readonly (readonly [string, Range])[] {
  const found = entry.find(name)
  return found === undefined ? [] : [[name, found.range]]
}

/** The first thing that is missing or of another shape. */
function refuse(entry: Entry, definition: Definition, wanted: ReadonlyMap<string, string>): Refusal | undefined {
  for (const [name, as] of wanted) {
    const hook = definition.hooks[name]
    const found = entry.find(name)
    const wrong = found === undefined ? 'there is none' : check(found, hook)
    if (wrong === undefined) continue
    const message = `'${name}' of the contract '${definition.name}': ${wrong}. It wants '${as}'`
    return found === undefined ? { message } : { message, range: found.range }
  }
  return undefined
}

function check(found: Found, hook: FunctionType | undefined): string | undefined {
  const { other, exported, generic, parameters = [] } = found
  if (!exported) return 'it is not exported'
  if (hook === undefined) return other === 'a variable' || other === undefined ? undefined : `it is ${other}`
  if (other !== undefined) return `it is ${other}`
  if (generic === true) return 'it is generic, and the host could not say with which types'
  const count = Object.keys(hook.params).length
  const required = parameters.filter((parameter) => parameter.required).length
  if (required > count || parameters.length < count) return `it takes ${parameters.length} parameters, and not ${count}`
  return undefined
}
