import type { ModuleImport, ModuleInfo } from '../../../src/wasm/binary/module.ts'
import { hidden } from '../../../src/wasm/rewrite/names.ts'
import { mostPages } from './subject.ts'

/** The references that guests are given; the same ones in every run, so that they can be told apart. */
export const references: readonly object[] = Array.from({ length: 3 }, (_, which) => Object.freeze({ which }))

const wasmTag = new WebAssembly.Tag({ parameters: ['i32'] })
const callbacks = 40
const deepest = 3
const longestLog = 5_000

/** The host of one run: it notes what the guest asks for, and answers the same to the same questions. */
export class FuzzHost {
  readonly log: string[] = []
  readonly #info: ModuleInfo
  #exports: readonly unknown[] = []
  #start = { log: 0, callbacks: 0 }
  #callbacks = 0
  #depth = 0

  constructor(info: ModuleInfo) {
    this.#info = info
  }

  imports(): WebAssembly.Imports {
    const imports: Record<string, Record<string, unknown>> = {}
    for (const entry of this.#info.imports) (imports[entry.module] ??= {})[entry.name] = this.#import(entry)
    const memories = this.#info.memories.map((_, index) => [hidden.memory(index), this.#memory(index)] as const)
    const words = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
    return { ...imports, [hidden.module]: { ...Object.fromEntries(memories), [hidden.words]: words } }
  }

  /** The guest has started: from here on it has exports, and to here `reset` goes back. */
  started(exports: readonly unknown[]): void {
    this.#exports = exports
    this.#start = { log: this.log.length, callbacks: this.#callbacks }
  }

  reset(): void {
    this.log.length = this.#start.log
    this.#callbacks = this.#start.callbacks
  }

  note(line: string): void {
    if (this.log.length < longestLog) this.log.push(line)
  }

  #memory(index: number): WebAssembly.Memory {
    const { min = 0 } = this.#info.memories[index] ?? {}
    return new WebAssembly.Memory({ initial: min, maximum: mostPages(this.#info, index) })
  }

  #import(entry: ModuleImport): unknown {
    switch (entry.kind) {
      case 'func':
        return this.#function(entry.name, entry.type.results)
      case 'memory':
        return this.#memory(entry.index)
      case 'global':
        return new WebAssembly.Global({ value: nameFor(entry.type.value), mutable: entry.type.mutable })
      case 'table': {
        const { element, min, max } = entry.type
        const kind = element === 'externref' ? 'externref' : 'anyfunc'
        return new WebAssembly.Table({ element: kind, initial: min, ...(max === undefined ? {} : { maximum: max }) })
      }
      case 'tag':
        return entry.name === 'jstag' ? Reflect.get(WebAssembly, 'JSTag') : wasmTag
    }
  }

  #function(name: string, results: readonly string[]): (...args: unknown[]) => unknown {
    return (...args) => {
      this.note(`${name}(${args.map(show).join(', ')})`)
      const [first, second] = args
      if (name === 'throw') throw first === 0 ? new Error('thrown') : new WebAssembly.Exception(wasmTag, [first])
      if (name === 'call-export') return this.#call(this.#exported(first), Number(second) % 2 === 1)
      if (name === 'call-export-catch') return this.#call(this.#exported(first), true)
      if (name === 'call-ref') return this.#call(first, Number(second) % 2 === 1)
      if (name === 'call-ref-catch') return this.#call(first, true)
      const answers = results.map((type, index) => answer(type, this.log.length + index))
      return answers.length > 1 ? answers : answers[0]
    }
  }

  #exported(index: unknown): unknown {
    return this.#exports[(Number(index) >>> 0) % Math.max(this.#exports.length, 1)]
  }

  /** Calls back into the guest, not too often. */
  #call(callee: unknown, catches: boolean): number {
    if (typeof callee !== 'function' || this.#depth >= deepest || ++this.#callbacks > callbacks) return 0
    this.#depth++
    try {
      this.note(show(Reflect.apply(callee, undefined, [])))
      return 0
    } catch (thrown) {
      this.note(cause(thrown))
      if (!catches) throw thrown
      return 1
    } finally {
      this.#depth--
    }
  }
}

const nameFor = (type: string): string => (type === 'funcref' ? 'anyfunc' : type)

function answer(type: string, which: number): unknown {
  if (type === 'i64') return BigInt(which) * 0x1234_5678_9abn
  if (type === 'externref') return references[which % references.length]
  return type.includes('ref') ? null : which % 7
}

/** Text by which a value is the same as that of another run. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  if (typeof value === 'function') return `function ${value.name}`
  if (typeof value === 'object' && value !== null) return `object ${references.findIndex((known) => known === value)}`
  if (typeof value === 'bigint') return `${value}n`
  return Object.is(value, -0) ? '-0' : String(value)
}

/** What something thrown says, without where it was thrown. */
export function cause(thrown: unknown): string {
  if (thrown instanceof WebAssembly.Exception) return 'exception'
  if (thrown instanceof RangeError && thrown.message.includes('call stack')) return overflow
  return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : show(thrown)
}

/** How deep a stack is differs with what is on it: of such a run nothing can be compared. */
export const overflow = 'overflow'
