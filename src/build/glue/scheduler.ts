import type { FoundClass, FoundMethod } from '../classes.ts'
import { sayingWhenFull } from './allocator.ts'
import type { Gluer, Refusal } from './glue.ts'
import { type Hook, forgotten, hooks, main, pairs } from './scheduler-hooks.ts'

const wanted =
  "export the plugin as one class with its hooks as methods, such as 'export class NodeNumber { score(state: CycleState, pod: Pod, nodeInfo: NodeInfo): i32 { … } }'"

/** The one class that the entry file exports is the plugin; of its methods those with the names of hooks are exported. */
export const scheduler: Gluer = {
  name: 'scheduler',
  glue(entry, path) {
    const plugin = choose(entry.classes)
    if ('message' in plugin) return plugin
    const mine = Object.entries(hooks).flatMap(([name, hook]) => {
      const method = plugin.methods.get(name)
      return method === undefined ? [] : [{ name, hook, method }]
    })
    const refusal = check(plugin, mine)
    if (refusal !== undefined) return refusal
    // One line for each, so that a mistake is found by its line.
    const module = [
      ...mine.map(({ name, hook, method }) => exported(name, hook, method)),
      ...missing(plugin),
      `import { ${plugin.name} as __Plugin } from '${path}'; const __plugin = new __Plugin()`,
      "import * as __run from 'tenon/scheduler/_run'",
      "import { abort as __tenon_abort } from 'tenon/_panic'",
    ].join('\n')
    return {
      tail: '',
      module,
      range: plugin.range,
      blame(offset) {
        const found = mine[module.slice(0, offset).split('\n').length - 1]
        return found && { range: found.method.range, wanted: `the hook is '${found.hook.declared}'` }
      },
      warnings: [...warnings(plugin)],
      compiler: {
        start: '_start',
        // Hosts of the reference never make an instance as it was: what an attempt leaves has to be collected.
        gc: 'minimal',
        aliases: new Map([['abort', '~lib/tenon/_panic/abort']]),
        library: sayingWhenFull('tenon/_panic'),
        imports: {
          'k8s.io/api': /^/,
          'k8s.io/klog': /^/,
          'k8s.io/scheduler': /^/,
          wasi_snapshot_preview1: /^/,
        },
      },
    }
  },
}

const integer = /^[iu](?:8|16|32|64|size)$/
const scalar = /^(?:[iuf](?:8|16|32|64|size)|bool|string)$/

interface Mine {
  readonly name: string
  readonly hook: Hook
  readonly method: FoundMethod
}

function choose(classes: readonly FoundClass[]): FoundClass | Refusal {
  const [plugin, second] = classes.filter(({ exported, methods }) => exported && [...methods.keys()].some(isHook))
  if (plugin !== undefined && second === undefined) return plugin
  if (second !== undefined)
    return {
      message: `There is more than one class with hooks, and a guest is one plugin: ${wanted}`,
      range: second.range,
    }
  const hidden = classes.find(({ methods }) => [...methods.keys()].some(isHook))
  if (hidden !== undefined) return { message: `'${hidden.name}' is not exported: ${wanted}`, range: hidden.range }
  const hookless = classes.find(({ exported }) => exported)
  const message = `There is no exported class with hooks: ${wanted}`
  return hookless === undefined ? { message } : { message, range: hookless.range }
}

const isHook = (name: string): boolean =>
  Object.keys(hooks).some((hook) => hook.toLowerCase() === name.toLowerCase() || hooks[hook]?.as === name)

function check(plugin: FoundClass, mine: readonly Mine[]): Refusal | undefined {
  const { name, range, abstract, required, methods } = plugin
  if (abstract) return { message: `'${name}' is abstract: ${wanted}`, range }
  if (required > 0) return { message: `The constructor of '${name}' takes ${required} arguments, and gets none`, range }
  for (const [method, found] of methods) {
    if (Object.hasOwn(hooks, method) || !isHook(method)) continue
    const meant = Object.entries(hooks).find(
      ([hook, { as }]) => as === method.toLowerCase() || hook.toLowerCase() === method.toLowerCase(),
    )
    return {
      message: `'${method}' is no hook, and would never be called: it is called '${meant?.[0] ?? ''}'`,
      range: found.range,
    }
  }
  for (const one of mine) {
    const why = wrong(one)
    if (why !== undefined)
      return { message: `'${one.name}' ${why}: the hook is '${one.hook.declared}'`, range: one.method.range }
  }
  const names = mine.map((one) => one.name)
  if (main.some((one) => names.includes(one) || (one === 'reserve' && names.includes('unreserve')))) return undefined
  if (names.join() === 'preFilter') return undefined
  return {
    message: `'${name}' has none of '${main.join("', '")}', without which a scheduler does not load it: add one of them`,
    range,
  }
}

function wrong({ name, hook, method }: Mine): string | undefined {
  const { other, generic, required, result } = method
  if (other !== undefined) return `is ${other}`
  if (generic) return 'is generic'
  if (required > hook.takes.length) return `takes ${required} parameters, and is given ${hook.takes.length}`
  if (result === '') return 'has no result type'
  // Names of the author's own for types are left to the compiler.
  const fits = name === 'score' ? integer.test(result) : !scalar.test(result)
  return fits ? undefined : `returns '${result}'`
}

function exported(name: string, { as, gives, takes, begin, end, done }: Hook, method: FoundMethod): string {
  const given = takes.slice(0, method.parameters).map((one) => `__run.${one}`)
  const call = `__plugin.${name}(${given.join(', ')})`
  const nothing = method.result === 'void' || end === undefined
  const body = nothing
    ? `${call}${done === undefined ? '' : `; return __run.${done}()`}`
    : `return __run.${end}(${call})`
  return `export function ${as}(): ${gives} { __run.${begin}(); ${body} }`
}

/** Hooks that do nothing: what an attempt begins with, and the partners of those that are there. */
function missing({ methods }: FoundClass): readonly string[] {
  const partners = pairs.flatMap(([one, other]) =>
    methods.has(one) === methods.has(other) ? [] : [methods.has(one) ? other : one],
  )
  return [
    ...(methods.has('preFilter') ? [] : ['export function prefilter(): i32 { __run.beginCycle(); return 0 }']),
    ...partners.flatMap((name) => {
      const hook = hooks[name]
      if (hook === undefined) return []
      return `export function ${hook.as}(): ${hook.gives} {${hook.gives === 'void' ? '' : ' return 0 '}}`
    }),
  ]
}

function* warnings({ methods, range }: FoundClass): Generator<Refusal> {
  const there = main.filter((one) => methods.has(one) || (one === 'reserve' && methods.has('unreserve')))
  const letters = there.map((one) => one.slice(0, 1)).join('')
  if (!forgotten.has(letters)) return
  const names = `'${there.join("', '")}'`
  const message = `kube-scheduler-wasm-extension does not load plugins that have ${names} and no other main hook. Mortise does`
  yield { message, range }
}
