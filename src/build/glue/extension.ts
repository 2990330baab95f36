import type { Found } from '../entry.ts'
import { sayingWhenFull } from './allocator.ts'
import type { Gluer, Refusal } from './glue.ts'

const wanted = "every export of the entry file is an extension, such as 'export function NewOrder(): void'"
/** What the ABI has names for, and the two that a host begins with. */
const reserved = /^(?:Wasm.*|alloc|calloc|free|malloc|memory|mortise_on_read_value|realloc|_start|_initialize)$/

/** Every function that the entry file exports is an extension: `NewOrder(): void`. */
export const extension: Gluer = {
  name: 'extension',
  glue(entry, path) {
    if (entry.exports.includes('*')) return { message: `'export *' does not say which extensions there are: ${wanted}` }
    const found = entry.exports.map((name) => [name, entry.find(name)] as const)
    for (const [name, one] of found) {
      const refusal = check(name, one)
      if (refusal !== undefined) return refusal
    }
    const [first] = found
    if (first?.[1] === undefined) return { message: `There is no exported function: ${wanted}` }
    const ranges = found.map(([, one]) => one?.range)
    // One line for each, so that a mistake is found by its line.
    const module = [
      ...entry.exports.map((name) => entryPoint(name, path)),
      "import { begin as __tenon_begin } from 'tenon/_room'",
      `export { ${exported.join(', ')} } from 'tenon/extension/_guest'`,
      "import { abort as __tenon_abort } from 'tenon/_panic'",
    ].join('\n')
    return {
      tail: '',
      module,
      range: first[1].range,
      blame(offset) {
        const range = ranges[module.slice(0, offset).split('\n').length - 1]
        return range && { range, wanted }
      },
      compiler: {
        start: '_start',
        named: true,
        aliases: new Map([['abort', '~lib/tenon/_panic/abort']]),
        library: sayingWhenFull('tenon/extension/_runtime.alloc'),
        imports: { env: /^host[A-Z]/, wasi_snapshot_preview1: /^fd_write$/ },
      },
    }
  },
}

const exported = [
  'malloc',
  'free',
  'WasmAbiVersion_0_0_1',
  'WasmOnReadValue',
  'mortise_on_read_value',
  'WasmGetHeapInuse',
  'WasmGetHeapSys',
  'WasmGetMallocs',
  'WasmGetFrees',
  'WasmGC',
]

/** An extension begins with all the room of the one before. */
const entryPoint = (name: string, path: string): string =>
  `import { ${name} as __tenon_${name} } from '${path}'; export function ${name}(): void { __tenon_begin(); __tenon_${name}() }`

function check(name: string, found: Found | undefined): Refusal | undefined {
  if (found === undefined) return undefined
  const { range, other, generic, parameters = [], result } = found
  const refuse = (why: string): Refusal => ({ message: `'${name}' ${why}: ${wanted}`, range })
  if (reserved.test(name)) return refuse('is a name that the ABI has for itself')
  // What is only passed on from another file is looked at by the compiler.
  if (other === 'an export of something else') return undefined
  if (other !== undefined) return refuse(`is ${other}`)
  if (generic === true) return refuse('is generic')
  if (parameters.length > 0) return refuse(`takes ${parameters.length} parameters`)
  return result === 'void' ? undefined : refuse(result === '' ? 'has no result type' : `returns '${result ?? ''}'`)
}
