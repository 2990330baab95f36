import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MortiseError } from 'mortise'
import { type ModuleInfo, readModule } from '../../../src/wasm/binary/module.ts'
import { hidden } from '../../../src/wasm/rewrite/names.ts'
import { type Features, rewrite } from '../../../src/wasm/rewrite/rewrite.ts'
import { invoke, reference, show, spectest, wantedError } from './host.ts'
import { type Action, type Command, matches } from './script.ts'
import { bitsOf, wrapperFor } from './wrapper.ts'

/** How one command of a script went. */
export interface Outcome {
  /** The assertion holds; `undefined` where it could not be tried. */
  readonly holds: boolean | undefined
  readonly what: string
}

interface Live {
  readonly exports: WebAssembly.Exports
  readonly info: ModuleInfo
}

/** The reason why something was not tried. */
class Untried extends Error {}

/** Instances of one script, original (without features) or rewritten. */
export class World {
  readonly #folder: string
  readonly #features: Features | undefined
  readonly #named = new Map<string, Live | Untried>()
  readonly #definitions = new Map<string, string>()
  readonly #registered: Record<string, Readonly<Record<string, unknown>>> = { spectest: spectest() }
  #current: Live | Untried = new Untried('there is no module')

  constructor(folder: string, features?: Features) {
    this.#folder = folder
    this.#features = features
  }

  run(command: Command): Outcome {
    try {
      return this.#run(command)
    } catch (thrown) {
      if (thrown instanceof Untried) return { holds: undefined, what: thrown.message }
      const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)
      const wanted = wantedError(command.type)
      return { holds: wanted !== undefined && wanted(thrown), what }
    }
  }

  #run(command: Command): Outcome {
    const { type, filename = '', action, expected = [] } = command
    if (command.module_type === 'text') throw new Untried('the module is given as text')
    if (type === 'module' || type === 'module_instance') return this.#define(command)
    if (type === 'module_definition') this.#definitions.set(command.name ?? '', filename)
    else if (type === 'register') this.#register(command)
    else if (action !== undefined) {
      const results = this.#act(action)
      const fits =
        results.length === expected.length && expected.every((value, index) => matches(value, results[index] ?? ''))
      return { holds: type === 'action' || (type === 'assert_return' && fits), what: results.join(' ') }
    } else if (filename !== '') {
      this.#instantiate(filename)
      return { holds: false, what: 'it was taken' }
    }
    return { holds: true, what: '' }
  }

  #define({ type, name, filename, module = '', instance = '' }: Command): Outcome {
    let live: Live | Untried
    let what = ''
    try {
      live = this.#instantiate(type === 'module' ? (filename ?? '') : (this.#definitions.get(module) ?? ''))
    } catch (thrown) {
      what = thrown instanceof Error ? thrown.message : String(thrown)
      live = thrown instanceof Untried ? thrown : new Untried(`its module could not be instantiated: ${what}`)
    }
    this.#current = live
    this.#named.set(type === 'module' ? (name ?? '') : instance, live)
    return { holds: live instanceof Untried ? undefined : true, what }
  }

  #register({ name, as = '' }: Command): void {
    const { exports, info } = this.#live(name)
    this.#registered[as] = Object.fromEntries(info.exports.map((port) => [port.name, exports[port.name]]))
  }

  #live(name: string | undefined): Live {
    const live = name === undefined ? this.#current : this.#named.get(name)
    if (live === undefined || live instanceof Untried) throw live ?? new Untried(`there is no module ${name}`)
    return live
  }

  #act({ type, module, field, args = [] }: Action): readonly string[] {
    const { exports, info } = this.#live(module)
    const port = info.exports.find(({ name }) => name === field)
    const exported = exports[field]
    if (type === 'get' && exported instanceof WebAssembly.Global && port?.kind === 'global') {
      return bitsOf({ params: [], results: [port.type.value] }, exported.value)
    }
    if (port?.kind !== 'func' || typeof exported !== 'function') throw new Untried(`there is no function ${field}`)
    fill(exports)
    const wrapper = wrapperFor(port.type, args)
    if (wrapper !== undefined) {
      const { exports: wrapped } = new WebAssembly.Instance(wrapper, { m: { f: exported } })
      return bitsOf(port.type, invoke(wrapped['run']))
    }
    const values = args.map(({ type: kind, value }) => {
      if (typeof value !== 'string') throw new Untried('a reference to a function, or a vector beside a reference')
      if (kind.endsWith('ref')) return reference(value)
      if (kind.startsWith('f')) throw new Untried('a float beside a reference')
      return kind === 'i64' ? BigInt.asIntN(64, BigInt(value)) : Number(value) | 0
    })
    const returned = invoke(exported, ...values)
    const all: readonly unknown[] = Array.isArray(returned)
      ? returned
      : port.type.results.length === 0
        ? []
        : [returned]
    return all.map(show)
  }

  #instantiate(filename: string): Live {
    const bytes = Uint8Array.from(readFileSync(join(this.#folder, filename)))
    const features = this.#features
    // As a plugin's module is prepared: what is not valid by itself is never rewritten.
    const module = features === undefined || !WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : undefined
    const info = readable(bytes)
    if (features === undefined || module !== undefined) {
      const { exports } = new WebAssembly.Instance(module ?? new WebAssembly.Module(bytes), this.#registered)
      return { exports, info }
    }
    const rewritten = refusing(() => rewrite(info, features))
    const memories = info.memories.map(
      (_, index) => [hidden.memory(index), newMemory(info, rewritten.maxPages, index)] as const,
    )
    const words = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    const imports = { ...this.#registered, [hidden.module]: { ...Object.fromEntries(memories), [hidden.words]: words } }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(rewritten.bytes), imports)
    fill(exports)
    if (hidden.start in exports) invoke(exports[hidden.start])
    return { exports, info }
  }
}

function newMemory({ memories }: ModuleInfo, maxPages: readonly number[], index: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: memories[index]?.min ?? 0, maximum: maxPages[index] ?? 0 })
}

/** What Mortise refuses by name is not tried; nor is a module that takes its memory from another one. */
function readable(bytes: Uint8Array): ModuleInfo {
  const info = refusing(() => readModule(bytes))
  if (info.imports.some(({ kind }) => kind === 'memory'))
    throw new Untried('it imports a memory, of which a plugin always has its own')
  return info
}

function refusing<T>(run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (MortiseError.is(thrown, 'MODULE_UNSUPPORTED') || MortiseError.is(thrown, 'MEMORY_LIMIT')) {
      throw new Untried(`refused: ${thrown.message.replace(/\d+/g, 'N')}`, { cause: thrown })
    }
    throw thrown
  }
}

/** Gives the next calls as much fuel as they can want. */
function fill(exports: WebAssembly.Exports): void {
  const fuel = exports[hidden.fuel]
  if (fuel instanceof WebAssembly.Global) fuel.value = 2n ** 52n
}
