import { MortiseError } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import { type Bracket, bracketed } from '../bracket.ts'
import type { HandOver, Instance, Setting } from '../runtime.ts'
import type { Guard, HookSteps, LogLevel, SuspendingHook, WasmGuard, WasmUnit } from '../units.ts'
import { CallLimits, type Ending } from './call-limits.ts'
import { Checkpoint, type Grown } from './checkpoint.ts'
import { Command } from './command.ts'
import { callOf, exported, type ExportBracket } from './exported.ts'
import { wasmFunction } from './function.ts'
import { handOver } from './hand-over.ts'
import { makeImports } from './imports.ts'
import { MemoryViews } from './memory.ts'
import type { Prepared } from './prepare.ts'
import { leaveResult } from './rewrite/bracket.ts'
import { hidden, pageSize } from './rewrite/names.ts'
import { Settings } from './settings.ts'
import { initialise, initialiseFurther, type StartSteps, withRoom } from './start.ts'
import { suspending, type SuspendingBracket } from './suspending.ts'
import { CallSuspension, type Segments } from './suspension.ts'
import { customSections, surfaceOf } from './surface.ts'
import { makeUnit } from './unit.ts'
import type { System } from './system.ts'
import { Usage } from './usage.ts'
import { Descriptors } from './wasi/descriptors.ts'
import type { WasmLimits } from './wasm-limits.ts'

/**
 * How many pages beyond its checkpoint a guest without a collector may fill before it is restored: little enough to stay
 * in the processor's cache.
 */
const watermark = 8

/** One running copy of a module, with its checkpoint. */
export class WasmInstance implements Instance<'wasm'>, Bracket, ExportBracket, SuspendingBracket {
  readonly unit: WasmUnit
  readonly suspension: CallSuspension
  ready = true
  stale = false
  calls = 0
  restores = 0
  readonly #prepared: Prepared
  readonly #setting: Setting<'wasm'>
  readonly #limits: WasmLimits
  readonly #callLimits: CallLimits
  readonly #usage: Usage
  /** Where the module is a command. */
  readonly #command: Command | undefined
  readonly #descriptors = new Descriptors()
  /** The state of the descriptors at the checkpoint. */
  readonly #streams: number
  readonly #checkpoint: Checkpoint
  /** A restore follows every lease that went well; of calls outside of one each is one. */
  readonly #always: boolean
  /** Every call that returns is restored by the guest itself. */
  readonly #fresh: boolean
  /** It is leased, so that nothing is restored between calls that went well. */
  #leased = false

  /** @throws MortiseError whatever the guest does in its initialisation, `GUEST_EXIT`, `INSTANCE_FAILED` */
  constructor(prepared: Prepared, limits: WasmLimits, system: System, setting: Setting<'wasm'>) {
    this.#prepared = prepared
    this.#setting = setting
    this.#limits = limits
    this.#callLimits = new CallLimits(limits, setting.meter)
    this.#usage = new Usage(limits, setting)
    this.#command = setting.command ? new Command(this.#usage) : undefined
    const memory = new MemoryViews((prepared.rewritten.maxPages[0] ?? 0) * pageSize)
    const newString = (bytes: number): number => wasmFunction(this.unit.exports, 'string_new')(bytes)
    const { watchdog } = this.#callLimits
    this.suspension = new CallSuspension(watchdog)
    const settings = new Settings(setting.config)
    const host = {
      setting,
      settings,
      system,
      usage: this.#usage,
      command: this.#command,
      descriptors: this.#descriptors,
      watchdog,
      memory,
      newString,
    }
    const functions = setting.imports(() => this, setting.plugin)
    const steps: StartSteps = {
      callLimits: this.#callLimits,
      usage: this.#usage,
      ending: (thrown) => this.#ending(thrown),
      error: (hook, ending) => this.#error(hook, ending),
    }
    const instance = withRoom(setting.plugin, () => this.#instantiate(makeImports(prepared, host, functions)))
    const { exports } = instance
    const exported = exports[hidden.memory(0)]
    if (exported instanceof WebAssembly.Memory) memory.attach(exported)
    this.unit = makeUnit(exports, memory, customSections(prepared.info), settings, this)
    this.#callLimits.attach(exports)
    initialise(exports, steps, setting.command)
    const { initialise: more } = setting
    if (more !== undefined) initialiseFurther(() => more(this), steps)
    this.#callLimits.refill()
    this.#checkpoint = withRoom(setting.plugin, () => new Checkpoint(instance, prepared.rewritten))
    this.#streams = this.#descriptors.state
    const shadow = exports[hidden.shadow]
    if (shadow instanceof WebAssembly.Memory) memory.track(shadow)
    this.#fresh = (limits.restore === 'every-lease' || setting.command) && this.#checkpoint.quick
    if (this.#fresh) this.#callLimits.refresh(exports, true)
    this.#always = limits.restore === 'every-lease' || setting.command
    if (limits.restore === 'when-full') this.#callLimits.fillTo(this.#checkpoint.pages + watermark)
  }

  readonly #sync: Guard = (name, hook) => bracketed(name, hook, this)

  readonly guard: WasmGuard = Object.assign(this.#sync, {
    exported: <A>(name: string, hook: HookSteps<A>, of = name) =>
      exported(name, hook, callOf(of, this.unit.exports, this.#callLimits, this.#fresh), this),
    suspending: <A>(name: string, hook: SuspendingHook<A>, wait: number) => suspending(name, hook, wait, this),
  })

  enter(): void {
    // This may find no room on the stack, and has changed nothing then that the next call does not change again.
    this.#callLimits.begin()
    this.calls++
    this.ready = false
  }

  start(): void {
    this.calls++
    this.ready = false
  }

  leave(name: string): void {
    this.#leave(name, this.#callLimits.end())
  }

  finish(name: string, result: number): void {
    this.#leave(name, this.#callLimits.returned(result))
  }

  recover<A extends unknown[], R>(name: string, thrown: unknown, hook: (...args: A) => R, args: A): R {
    return this.retry(name, thrown, () => {
      this.#callLimits.begin()
      return hook(...args)
    })
  }

  /** After a failed call: restores, and gives a pure hook that was refused memory one more run on a fresh memory. */
  retry<R>(name: string, thrown: unknown, again: () => R): R {
    const error = this.#error(name, this.#ending(thrown))
    if (!this.#repeatable(error)) return this.#fail(error)
    this.#again()
    try {
      return again()
    } catch (second) {
      return this.#fail(this.#error(name, this.#ending(second)))
    }
  }

  attempt(wait: number): void {
    this.suspension.begin(this.#callLimits.deadline, wait)
  }

  leaveLate(name: string): void {
    this.#callLimits.endLate()
    if (this.#usage.touched) this.#settle(name)
    if (!this.#leased && (this.#always || this.#callLimits.full)) this.restore()
    else this.ready = true
  }

  recoverLate(name: string, thrown: unknown, segments: Segments, last: boolean): void {
    const error = this.#error(name, this.#caused(this.#callLimits.failedLate(thrown, segments)))
    if (last || !this.#repeatable(error)) this.#fail(error)
    this.#again()
    this.#callLimits.begin()
  }

  over(): void {
    this.#setting.ended?.()
  }

  /** Ends the call that is suspended, if one is. */
  abandon(): void {
    const { plugin } = this.#setting
    this.suspension.end(new GuestFault('PLUGIN_UNPLUGGED', `plugin '${plugin}' was unplugged while it waited`))
  }

  get run(): WasmUnit['run'] {
    const command = this.#command
    return command && ((input) => command.run(input, wasmFunction(this.unit.exports, '_start')))
  }

  /** The call under way was told to end. */
  get expired(): boolean {
    return this.#callLimits.watchdog?.expired === true
  }

  #repeatable({ code }: MortiseError): boolean {
    const { pure, stateless, command } = this.#setting
    // A command had all of the memory for itself, and a lease has what the calls before left.
    return (
      !command &&
      !this.#leased &&
      code === 'TRAP_OUT_OF_MEMORY' &&
      (stateless || (pure && this.#limits.restore !== 'on-error'))
    )
  }

  /** Makes everything as new for another attempt at the same call. */
  #again(): void {
    this.#restore('keep')
    this.#usage.again()
    this.ready = false
  }

  restore(): void {
    this.#restore(this.#limits.restore === 'when-full' ? 'keep' : 'wipe')
  }

  lease(begins: boolean): void {
    this.#leased = begins
    if (this.#fresh) this.#callLimits.refresh(this.unit.exports, !begins)
    if (!begins && this.ready && (this.#always || this.#callLimits.full)) this.restore()
  }

  get handOver(): HandOver {
    return handOver(this, surfaceOf(this.#prepared.info))
  }

  /** Makes one call under another deadline, in milliseconds. */
  within<R>(deadline: number, call: () => R): R {
    if (!this.#callLimits.allow(deadline)) {
      const { plugin } = this.#setting
      throw new MortiseError(
        'OPTION_INVALID',
        `Cannot call plugin '${plugin}' within ${deadline} ms: it was loaded without a deadline, so nothing in it looks at the time. Load it with one`,
        { plugin },
      )
    }
    try {
      return call()
    } finally {
      this.#callLimits.allow(this.#limits.deadline)
    }
  }

  close(): void {
    this.stale = true
    this.ready = false
  }

  log(level: LogLevel, text: string): void {
    try {
      this.#usage.log(level, text)
    } catch (thrown) {
      // A guest can catch what its host functions throw; its call ends by this all the same.
      if (thrown instanceof GuestFault) this.#usage.ended(thrown)
      throw thrown
    }
  }

  #leave(name: string, result: number): void {
    if (this.#usage.touched) this.#settle(name)
    if (this.#leased || (result >= 0 && !this.#always)) this.ready = true
    else if (this.#fresh) {
      this.#restored()
      this.stale = result === leaveResult.stale
      this.ready = !this.stale
    } else if (this.#always || result === leaveResult.full) this.restore()
    else this.ready = true
  }

  #restore(grown: Grown): void {
    this.#restored()
    if (!this.#checkpoint.restore(grown)) this.stale = true
    this.ready = !this.stale
  }

  #restored(): void {
    this.restores++
    this.#setting.meter.restores++
    this.#descriptors.state = this.#streams
  }

  /** What a call ended by: what our own functions ended it for counts before the trap that they ended it with. */
  #ending(thrown: unknown): Ending {
    return this.#caused(this.#callLimits.failed(thrown))
  }

  #caused(ending: Ending): Ending {
    const cause = this.#usage.takeCause()
    return cause === undefined ? ending : { thrown: cause, refused: false }
  }

  /** After a call that wrote or slept, or that was being ended and returned before it looked. */
  #settle(name: string): void {
    const cause = this.#usage.takeCause()
    if (cause !== undefined) this.#fail(this.#error(name, { thrown: cause, refused: false }))
    this.#usage.end()
  }

  #fail(error: MortiseError): never {
    this.#usage.end()
    this.#restore('replace')
    this.#setting.meter.failed(error)
    throw error
  }

  #error(hook: string, { thrown, refused }: Ending): MortiseError {
    return this.#prepared.traps.error(
      thrown,
      { plugin: this.#setting.plugin, hook, written: this.#usage.tail, refused },
      import.meta.url,
    )
  }

  /** Here, since by the file of its frame it is known that no host function trapped. */
  #instantiate(imports: WebAssembly.Imports): WebAssembly.Instance {
    try {
      return new WebAssembly.Instance(this.#prepared.module, imports)
    } catch (cause) {
      if (cause instanceof WebAssembly.RuntimeError) throw this.#error('start', { thrown: cause, refused: false })
      throw cause
    }
  }
}
