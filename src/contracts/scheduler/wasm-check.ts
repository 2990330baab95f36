import type { Port, Surface } from '../../runtime.ts'
import { requireSurface } from '../../wasm/link.ts'
import { hookNames } from './hook-names.ts'
import type { SchedulerHook } from './hooks.ts'
import { exportType, hookExports, importTypes, modules } from './wasm-abi.ts'

/** Hooks that mean something without another one. */
const enough: ReadonlySet<SchedulerHook> = new Set([
  'preFilter',
  'filter',
  'postFilter',
  'score',
  'reserve',
  'permit',
  'preBind',
  'bind',
  'postBind',
])

/** Those of which the reference wants one, unless there is `prefilter` alone. */
const main: ReadonlySet<SchedulerHook> = new Set(['filter', 'score', 'reserve', 'permit', 'bind'])

const types = Object.fromEntries(Object.values(hookExports).map(([name, result]) => [name, exportType(result)]))

const surface = requireSurface({ exports: { memory: 'memory' }, optional: types, imports: importTypes })

/** What is wrong with a guest. */
export function problemsOf(guest: Surface): readonly string[] {
  const problems = surface(guest)
  if (problems.length > 0) return problems
  const hooks = exportedHooks(guest.exports.map(({ name }) => name))
  if (hooks.length === 0) return [`none of the hooks is exported: ${Object.keys(types).join(', ')}`]
  if (hooks.some((hook) => enough.has(hook))) return []
  const found = hooks.map((hook) => hookExports[hook][0]).join(', ')
  return [`of the hooks only ${found} is exported, which means nothing without another one, such as filter or score`]
}

/** The first thing that is wrong with a guest, in the words of the reference and in the order in which it looks. */
export function strictProblemsOf(guest: Surface): readonly string[] {
  const { exports, imports } = guest
  if (!exports.some(({ type }) => type === 'memory')) return ["wasm: guest doesn't export memory[memory]"]
  const hooks = exportedHooks(exports.map(({ name }) => name))
  const first =
    exports.flatMap(wrongSignature)[0] ??
    (hooks.length === 0 ? 'wasm: guest does not export any plugin functions' : undefined) ??
    imports.flatMap(wrongImport)[0] ??
    (hooks.some((hook) => main.has(hook)) || (hooks.length === 1 && hooks[0] === 'preFilter')
      ? undefined
      : 'wasm: filter, score, reserve, permit or bind must be exported')
  return first === undefined ? [] : [first]
}

/** The hooks among some names of exports. */
export function exportedHooks(names: readonly string[]): readonly SchedulerHook[] {
  return hookNames.filter((hook) => names.includes(hookExports[hook][0]))
}

function wrongSignature({ name, type }: Port): readonly string[] {
  const wanted = Object.hasOwn(types, name) ? types[name] : undefined
  if (wanted === undefined || wanted === type) return []
  // The reference says so of these two, and wants an i32 of them too.
  const said = name === 'addpod' || name === 'removepod' ? 'func () -> ()' : wanted
  return [`wasm: guest exports the wrong signature for func[${name}]. should be ${said.slice('func '.length)}`]
}

function wrongImport({ module = '', name, type }: Port): readonly string[] {
  const [problem] = surface({ imports: [{ module, name, type }], exports: [{ name: 'memory', type: 'memory' }] })
  if (problem === undefined) return []
  const where = 'failed to create a guest pool: wasm: instantiate error:'
  const have = importTypes[module]?.[name]
  if (have !== undefined)
    return [`${where} import func[${module}.${name}]: signature mismatch: ${signature(type)} != ${signature(have)}`]
  const known: readonly string[] = [...Object.values(modules), 'wasi_snapshot_preview1']
  return [
    known.includes(module)
      ? `${where} "${name}" is not exported in module "${module}"`
      : `${where} module[${module}] not instantiated`,
  ]
}

/** `func (i32, i32) -> (i32)` as the reference's engine writes it: `i32i32_i32`, and `v` for nothing. */
function signature(type: string): string {
  const [, params = '', results = ''] = /^func \((.*)\) -> \((.*)\)$/.exec(type) ?? []
  return [params, results].map((list) => list.replaceAll(', ', '') || 'v').join('_')
}
