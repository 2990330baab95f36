import { MortiseError, reasonOf } from '../errors.ts'
import type { AllLimits } from '../limits.ts'
import type { Guard, Instance, Setting, WasmUnit } from '../runtime.ts'
import { type Bracket, bracketed } from '../bracket.ts'
import { Checkpoint } from './checkpoint.ts'
import { GuestExit } from '../fault.ts'
import { wasmFunction } from './function.ts'
import { makeImports } from './imports.ts'
import { MemoryViews } from './memory.ts'
import type { Prepared } from './prepare.ts'
import { hidden, pageSize } from './rewrite/rewrite.ts'
import type { System } from './system.ts'
import { Usage } from './usage.ts'
import { Descriptors } from './wasi/descriptors.ts'

/**
 * How many pages beyond its checkpoint a guest without a collector may fill before it is restored: little enough to stay
 * in the processor's cache, and to be wiped rather than replaced.
 */
const watermark = 8

/** One call of 1,024 is timed, from the first on: two readings of the clock cost what twenty calls do. */
const sampleMask = 1023

/** One running copy of a module, with its checkpoint. */
export class WasmInstance implements Instance<'wasm'>, Bracket {
  readonly unit: WasmUnit
  ready = true
  stale = false
  calls = 0
  readonly #prepared: Prepared
  readonly #setting: Setting<'wasm'>
  readonly #policy: AllLimits['restore']
  /** The policy may want a restore after a call that went well. */
  readonly #watchful: boolean
  readonly #usage: Usage
  readonly #descriptors = new Descriptors()
  /** The state of the descriptors at the checkpoint. */
  readonly #streams: number
  readonly #checkpoint: Checkpoint
  readonly #refused: WebAssembly.Global | undefined
  /** The size of the memory in pages, where the guest can change it. */
  readonly #pages: (() => number) | undefined

  /** @throws MortiseError whatever the guest does in its initialisation, `GUEST_EXIT`, `INSTANCE_FAILED` */
  constructor(prepared: Prepared, limits: AllLimits, system: System, setting: Setting<'wasm'>) {
    this.#prepared = prepared
    this.#setting = setting
    this.#policy = limits.restore
    this.#watchful = limits.restore !== 'on-error'
    this.#usage = new Usage(limits, setting)
    const memory = new MemoryViews(prepared.rewritten.maxPages * pageSize)
    const newString = (bytes: number): number => wasmFunction(this.unit.exports, 'string_new')(bytes)
    const host = { setting, system, usage: this.#usage, descriptors: this.#descriptors, memory, newString }
    const instance = this.#instantiate(makeImports(prepared, host, setting.imports(() => this)))
    const { exports } = instance
    const exported = exports[hidden.memory(0)]
    if (exported instanceof WebAssembly.Memory) memory.attach(exported)
    const refused = exports[hidden.refused]
    if (refused instanceof WebAssembly.Global) this.#refused = refused
    if (hidden.pages in exports) this.#pages = wasmFunction(exports, hidden.pages)
    this.unit = { exports, memory }
    this.#initialise(exports)
    this.#checkpoint = new Checkpoint(instance, prepared.rewritten)
    this.#streams = this.#descriptors.state
  }

  readonly guard: Guard = (name, hook) => bracketed(name, hook, this)

  enter(): void {
    this.ready = false
    if ((++this.calls & sampleMask) === 1) this.#usage.time()
  }

  leave(): void {
    if (this.#usage.touched) this.#usage.end()
    if (this.#watchful && this.#due()) this.restore()
    else this.ready = true
  }

  /** After a failed call: restores, and gives a pure hook that was refused memory one more run on a fresh memory. */
  recover<A extends unknown[], R>(name: string, thrown: unknown, hook: (...args: A) => R, args: A): R {
    let error = this.#error(name, thrown)
    if (error.code === 'TRAP_OUT_OF_MEMORY' && this.#setting.pure && this.#policy !== 'on-error' && this.#putBack(Infinity)) {
      try {
        return hook(...args)
      } catch (second) {
        error = this.#error(name, second)
      }
    }
    this.#usage.end()
    this.restore()
    this.#setting.meter.failed(error)
    throw error
  }

  restore(): void {
    this.stale ||= !this.#putBack()
    this.ready = !this.stale
  }

  close(): void {
    this.stale = true
    this.ready = false
  }

  /** Whether the policy wants a restore after a call that went well. */
  #due(): boolean {
    return this.#policy === 'every-lease' || (this.#pages !== undefined && this.#pages() >= this.#checkpoint.pages + watermark)
  }

  /** @param most - how many bytes of grown memory to wipe at most */
  #putBack(most?: number): boolean {
    this.#setting.meter.restores++
    this.#descriptors.state = this.#streams
    return this.#checkpoint.restore(most)
  }

  #error(hook: string, thrown: unknown): MortiseError {
    const refused = this.#refused?.value === 1
    return this.#prepared.traps.error(thrown, { plugin: this.#setting.plugin, hook, stderr: this.#usage.tail, refused })
  }

  #instantiate(imports: WebAssembly.Imports): WebAssembly.Instance {
    try {
      return new WebAssembly.Instance(this.#prepared.module, imports)
    } catch (cause) {
      if (cause instanceof WebAssembly.RuntimeError) throw this.#error('start', cause)
      const why = reasonOf(cause)
      throw new MortiseError('INSTANCE_FAILED', `Cannot make an instance of plugin '${this.#setting.plugin}': ${why}`, { plugin: this.#setting.plugin, cause })
    }
  }

  /** The start function, then what a reactor or a command calls first. A command that exits with 0 did what it should. */
  #initialise(exports: WebAssembly.Exports): void {
    const first = '_initialize' in exports ? '_initialize' : '_start'
    for (const name of [hidden.start, first]) {
      if (typeof exports[name] !== 'function') continue
      try {
        wasmFunction(exports, name)()
      } catch (thrown) {
        if (!(thrown instanceof GuestExit && thrown.exitCode === 0)) throw this.#error(name === hidden.start ? 'start' : name, thrown)
      } finally {
        this.#usage.end()
      }
    }
  }
}
