import { MortiseError, reasonOf } from '../errors.ts'
import type { Restore } from '../limits.ts'
import type { Guard, Instance, Setting, WasmUnit } from '../runtime.ts'
import { type Bracket, bracketed } from '../bracket.ts'
import { Checkpoint, type Grown } from './checkpoint.ts'
import { Stopped } from './stopped.ts'
import { wasmFunction } from './function.ts'
import { makeImports } from './imports.ts'
import { MemoryViews } from './memory.ts'
import type { Prepared } from './prepare.ts'
import { hidden, pageSize } from './rewrite/names.ts'
import type { System } from './system.ts'
import { Tank } from './tank.ts'
import type { WasmLimits } from './wasm-limits.ts'
import { Usage } from './usage.ts'
import { Descriptors } from './wasi/descriptors.ts'
import { type Watchdog, watchdog } from './watchdog.ts'

/**
 * How many pages beyond its checkpoint a guest without a collector may fill before it is restored: little enough to stay
 * in the processor's cache, and to be wiped rather than replaced.
 */
const watermark = 8

/** One call of 1,024 is timed, from the first on: two readings of the clock cost what twenty calls do. */
const sampleMask = 1023

/** The bits of a word that number a call. */
const callBits = 0x7fff_ffff

/** One running copy of a module, with its checkpoint. */
export class WasmInstance implements Instance<'wasm'>, Bracket {
  readonly unit: WasmUnit
  ready = true
  stale = false
  calls = 0
  readonly #prepared: Prepared
  readonly #setting: Setting<'wasm'>
  readonly #policy: Restore
  /** The policy may want a restore after a call that went well. */
  readonly #watchful: boolean
  readonly #usage: Usage
  readonly #descriptors = new Descriptors()
  /** The state of the descriptors at the checkpoint. */
  readonly #streams: number
  readonly #checkpoint: Checkpoint
  readonly #refused: WebAssembly.Global | undefined
  readonly #watchdog: Watchdog | undefined
  /** Microseconds. */
  readonly #deadline: number
  readonly #fuel: number
  readonly #tank: Tank | undefined
  /** The call that this one was made from, and its deadline. */
  #outer = 0
  /** The number of the call under way, which the guest leaves behind where it is refused memory. */
  #call = 1
  #outerDeadline = 0
  /** The size of the memory in pages, where the guest can change it. */
  readonly #pages: (() => number) | undefined

  /** @throws MortiseError whatever the guest does in its initialisation, `GUEST_EXIT`, `INSTANCE_FAILED` */
  constructor(prepared: Prepared, limits: WasmLimits, system: System, setting: Setting<'wasm'>) {
    this.#prepared = prepared
    this.#setting = setting
    this.#policy = limits.restore
    this.#watchdog = prepared.rewritten.features.deadline ? watchdog() : undefined
    this.#deadline = limits.deadline * 1000
    this.#fuel = limits.fuel ?? 0
    this.#watchful = limits.restore !== 'on-error'
    this.#usage = new Usage(limits, setting)
    const memory = new MemoryViews((prepared.rewritten.maxPages[0] ?? 0) * pageSize)
    const newString = (bytes: number): number => wasmFunction(this.unit.exports, 'string_new')(bytes)
    const host = { setting, system, usage: this.#usage, descriptors: this.#descriptors, watchdog: this.#watchdog, memory, newString }
    const instance = this.#instantiate(makeImports(prepared, host, setting.imports(() => this)))
    const { exports } = instance
    const exported = exports[hidden.memory(0)]
    if (exported instanceof WebAssembly.Memory) memory.attach(exported)
    const refused = exports[hidden.refused]
    if (refused instanceof WebAssembly.Global) this.#refused = refused
    if (hidden.pages in exports) this.#pages = wasmFunction(exports, hidden.pages)
    this.unit = { exports, memory }
    if (limits.fuel !== undefined) this.#tank = new Tank(exports, limits.fuel, setting.meter)
    this.#initialise(exports)
    this.#checkpoint = new Checkpoint(instance, prepared.rewritten)
    this.#streams = this.#descriptors.state
    const shadow = exports[hidden.shadow]
    if (shadow instanceof WebAssembly.Memory) memory.track(shadow)
  }

  readonly guard: Guard = (name, hook) => bracketed(name, hook, this)

  enter(): void {
    this.ready = false
    this.#begin()
    if ((++this.calls & sampleMask) === 1) this.#usage.time()
  }

  leave(name: string): void {
    this.#watchdog?.leave(this.#outer, this.#outerDeadline)
    this.#tank?.read()
    if (this.#usage.touched) this.#settle(name)
    if (this.#watchful && this.#due()) this.restore()
    else this.ready = true
  }

  /** After a failed call: restores, and gives a pure hook that was refused memory one more run on a fresh memory. */
  recover<A extends unknown[], R>(name: string, thrown: unknown, hook: (...args: A) => R, args: A): R {
    let error = this.#failed(name, thrown)
    if (error.code === 'TRAP_OUT_OF_MEMORY' && this.#setting.pure && this.#policy !== 'on-error') {
      this.#restore('keep')
      this.ready = false
      this.#begin()
      try {
        return hook(...args)
      } catch (second) {
        error = this.#failed(name, second)
      }
    }
    return this.#fail(error)
  }

  /** A call begins, made from none or from inside another one. */
  #begin(): void {
    this.#tank?.fill()
    const dog = this.#watchdog
    if (dog === undefined) {
      if (this.#refused !== undefined) this.#refused.value = 0
      return
    }
    this.#outer = dog.word
    this.#outerDeadline = dog.deadline
    this.#call = dog.enter(this.#deadline)
  }

  /** Ends a call that threw, and makes the error of it. */
  #failed(name: string, thrown: unknown): MortiseError {
    const expired = this.#watchdog?.expired === true
    this.#watchdog?.leave(this.#outer, this.#outerDeadline)
    const empty = this.#tank?.read() === true
    const cause = this.#usage.takeCause()
    if (cause !== undefined) return this.#error(name, cause)
    if (!(thrown instanceof WebAssembly.RuntimeError && thrown.message === 'unreachable')) return this.#error(name, thrown)
    if (empty) return this.#error(name, new Stopped('FUEL', `${this.#fuel} units`, thrown))
    return this.#error(name, expired ? new Stopped('DEADLINE', `${this.#deadline / 1000} ms`, thrown) : thrown)
  }

  #fail(error: MortiseError): never {
    this.#usage.end()
    this.#restore('replace')
    this.#setting.meter.failed(error)
    throw error
  }

  /** After a call that wrote, slept or was timed, or that was being ended and returned before it looked. */
  #settle(name: string): void {
    const cause = this.#usage.takeCause()
    if (cause !== undefined) this.#fail(this.#error(name, cause))
    this.#usage.end()
  }

  restore(): void {
    this.#restore(this.#policy === 'when-full' ? 'keep' : 'wipe')
  }

  close(): void {
    this.stale = true
    this.ready = false
  }

  /** Whether the policy wants a restore after a call that went well. */
  #due(): boolean {
    return this.#policy === 'every-lease' || (this.#pages !== undefined && this.#pages() >= this.#checkpoint.pages + watermark)
  }

  #restore(grown: Grown): void {
    this.#setting.meter.restores++
    this.#descriptors.state = this.#streams
    this.stale ||= !this.#checkpoint.restore(grown)
    this.ready = !this.stale
  }

  #error(hook: string, thrown: unknown): MortiseError {
    const refused = this.#refused !== undefined && (Number(this.#refused.value) & callBits) === (this.#watchdog === undefined ? 1 : this.#call)
    return this.#prepared.traps.error(thrown, { plugin: this.#setting.plugin, hook, stderr: this.#usage.tail, refused }, import.meta.url)
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
      const shown = name === hidden.start ? 'start' : name
      this.#begin()
      let error: MortiseError | undefined
      try {
        wasmFunction(exports, name)()
        this.#watchdog?.leave(this.#outer, this.#outerDeadline)
        this.#tank?.read()
        const cause = this.#usage.takeCause()
        if (cause !== undefined) error = this.#error(shown, cause)
      } catch (thrown) {
        error = this.#failed(shown, thrown)
      }
      this.#usage.end()
      if (error !== undefined && error.details.exitCode !== 0) throw error
    }
  }
}
