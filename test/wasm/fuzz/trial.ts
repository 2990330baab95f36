import type { ModuleInfo } from '../../../src/wasm/binary/module.ts'
import { Checkpoint } from '../../../src/wasm/checkpoint.ts'
import { hidden } from '../../../src/wasm/rewrite/names.ts'
import type { Rewritten } from '../../../src/wasm/rewrite/rewrite.ts'
import { cause, FuzzHost, overflow, references, show } from './host.ts'
import type { Random } from './random.ts'
import { counter, seen } from './subject.ts'

/** What can be seen of an instance. */
export interface Seen {
  /** How the start and each call ended, and what the guest asked its host for. */
  readonly events: readonly string[]
  /** Globals and tables. */
  readonly state: readonly string[]
  readonly memories: readonly Uint8Array[]
}

/** What one run did, and what can be seen after it. */
export interface Run extends Seen {
  /** The stack was full somewhere. */
  readonly overflow: boolean
  /** Fuel that was burnt. */
  readonly fuel: number | undefined
  /** Instructions that were run, where they were counted. */
  readonly count: bigint | undefined
}

/** One of its exported functions, and what it is called with. */
export interface Call {
  readonly name: string
  readonly args: readonly unknown[]
}

/** Which calls of a module are made, in which order; the same for its original and for all of its rewritten forms. */
export function planCalls({ exports }: ModuleInfo, random: Random): readonly Call[] {
  const plan = exports.flatMap((port) => {
    if (port.kind !== 'func' || port.name.startsWith('seen:')) return []
    const growth = random.pick([0, 0, 1, 3])
    if (port.name === seen.grow) return [{ name: port.name, args: [growth] }]
    return [{ name: port.name, args: port.type.params.map((type) => argument(type, random)) }]
  })
  // It is exported behind all of the guest's own: here it comes between their first calls and their second.
  return [...plan, ...plan.toReversed()]
}

function argument(type: string, random: Random): unknown {
  if (type === 'i32') return random.i32()
  if (type === 'i64') return random.i64()
  if (type === 'f32' || type === 'f64') return random.float()
  return type === 'externref' ? references[random.below(references.length)] : null
}

const tankful = 2 ** 50

function call(exports: WebAssembly.Exports, name: string, args: readonly unknown[] = []): unknown {
  const exported = exports[name]
  if (typeof exported !== 'function') throw new TypeError(`there is no export '${name}'`)
  return Reflect.apply(exported, undefined, args)
}

/** An instance of a module, original or rewritten, and the calls made of it. */
export class Trial {
  readonly #host: FuzzHost
  readonly #info: ModuleInfo
  readonly #plan: readonly Call[]
  readonly #exports: WebAssembly.Exports
  readonly #tank: WebAssembly.Global | undefined
  readonly #checkpoint: Checkpoint | undefined
  /** What there was to be seen before the first call. */
  readonly begun: Seen | undefined
  /** Why there is nothing to call. */
  readonly #failed: string | undefined

  /** @param module - the exposed original; `rewritten` is what the rewriter made of it */
  constructor(info: ModuleInfo, plan: readonly Call[], bytes: Uint8Array<ArrayBuffer>, rewritten?: Rewritten) {
    this.#host = new FuzzHost(info)
    this.#info = info
    this.#plan = plan
    this.#exports = {}
    try {
      const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), this.#host.imports())
      this.#exports = instance.exports
      const { exports } = instance
      const tank = exports[hidden.fuel]
      if (tank instanceof WebAssembly.Global) this.#tank = tank
      this.#fill()
      if (hidden.start in exports) call(exports, hidden.start)
      this.#host.started(info.exports.map(({ name }) => exports[name]))
      if (rewritten === undefined) return
      this.begun = this.#look()
      this.#checkpoint = new Checkpoint(instance, rewritten)
    } catch (thrown) {
      this.#failed = cause(thrown)
    }
  }

  run(): Run {
    const host = this.#host
    const exports = this.#exports
    const none = { state: [], memories: [], fuel: undefined, count: undefined }
    if (this.#failed !== undefined) {
      return { ...none, events: [...host.log, this.#failed], overflow: this.#failed === overflow }
    }
    this.#fill()
    for (const { name, args } of this.#plan) {
      try {
        host.note(`${name} = ${show(call(exports, name, args))}`)
      } catch (thrown) {
        host.note(`${name}: ${cause(thrown)}`)
      }
    }
    const fuel = this.#tank === undefined ? undefined : tankful - Number(this.#tank.value)
    const counted = exports[counter]
    const count = counted instanceof WebAssembly.Global && typeof counted.value === 'bigint' ? counted.value : undefined
    return { ...this.#look(), overflow: host.log.some((event) => event.endsWith(overflow)), fuel, count }
  }

  #fill(): void {
    if (this.#tank !== undefined) this.#tank.value = BigInt(tankful)
  }

  /** Puts the instance back to what it was before the first call; undefined where it has to be replaced instead. */
  restore(): Seen | undefined {
    this.#host.reset()
    return this.#checkpoint?.restore('replace') === true ? this.#look() : undefined
  }

  #look(): Seen {
    const { memories, tables, globals } = this.#info
    const state: string[] = []
    for (const index of tables.keys()) {
      const table = this.#exports[seen.table(index)]
      if (!(table instanceof WebAssembly.Table)) continue
      state.push(`table ${index}: ${Array.from({ length: table.length }, (_, at) => show(table.get(at))).join(' ')}`)
    }
    for (const index of globals.keys()) {
      const global = this.#exports[seen.global(index)]
      if (global instanceof WebAssembly.Global) state.push(`global ${index}: ${show(global.value)}`)
      if (seen.halves(index) in this.#exports) state.push(show(call(this.#exports, seen.halves(index))))
    }
    const copies = [...memories.keys()].map((index) => {
      const memory = this.#exports[seen.memory(index)]
      return memory instanceof WebAssembly.Memory ? new Uint8Array(memory.buffer).slice() : new Uint8Array()
    })
    return { events: [...this.#host.log], state, memories: copies }
  }
}
