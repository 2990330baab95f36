import { type Bracket, bracketed } from '../bracket.ts'
import { type ErrorDetails, MortiseError, reasonOf } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import type { Instance, Setting } from '../runtime.ts'
import type { Guard, NativeFunction, NativeResult, NativeType, NativeUnit } from '../units.ts'
import { hookSymbol, names } from './abi.ts'
import { Arena } from './arena.ts'
import type { Ffi } from './ffi.ts'
import { HostFunctions } from './host-functions.ts'
import type { Image } from './image/image.ts'
import { Library } from './library.ts'

/** Memory that libraries may still write to which the system keeps, with the threads that they started. */
const kept: Arena[] = []

/** What an instance is made of. */
export interface NativeParts {
  readonly ffi: Ffi
  readonly image: Image
  readonly digest: string
  /** Bytes. */
  readonly arena: number
  readonly folder: string | undefined
}

/** One loaded copy of a library, with its arena. */
export class NativeInstance implements Instance<'native'>, Bracket {
  readonly unit: NativeUnit
  ready = false
  stale = false
  calls = 0
  readonly #image: Image
  readonly #setting: Setting<'native'>
  readonly #library: Library
  readonly #arena: Arena
  readonly #hostFunctions: HostFunctions
  #opened = false

  /** @throws MortiseError `NATIVE_NOT_LOADED`, `GUEST_FAILED` and whatever else opening it can fail with */
  constructor({ ffi, image, digest, arena, folder }: NativeParts, setting: Setting<'native'>) {
    this.#image = image
    this.#setting = setting
    this.#arena = new Arena(arena)
    this.#library = new Library(ffi, { bytes: image.bytes, digest }, folder)
    this.#hostFunctions = new HostFunctions(ffi, (error) => setting.meter.failed(error))
    const { plugin } = setting
    this.unit = Object.freeze({
      arena: this.#arena,
      hook: (name: string) => this.#hook(hookSymbol(name)),
      symbol: <const P extends readonly NativeType[], R extends NativeResult>(name: string, types: P, result: R) =>
        this.#find(name, types, result),
    })
    try {
      this.#hostFunctions.give(
        this.#library,
        image,
        setting.imports(() => this, setting.plugin),
      )
      this.#open(this.#arena.address(ffi))
    } catch (thrown) {
      this.#hostFunctions.running = false
      this.close()
      throw this.#error(`open plugin '${plugin}'`, {}, thrown)
    }
    this.ready = true
  }

  readonly guard: Guard = (name, hook) => bracketed(name, hook, this)

  enter(): void {
    this.ready = false
    this.#hostFunctions.running = true
    this.#arena.reset()
    this.calls++
  }

  leave(name: string): void {
    if (this.#hostFunctions.failed) this.#fail(name, undefined)
    this.#settle()
  }

  recover(name: string, thrown: unknown): never {
    return this.#fail(name, thrown)
  }

  /** A library has no checkpoint: what it keeps, it keeps. */
  restore(): void {}

  /** Unloads the library: at once, or at the end of the call that is under way. */
  close(): void {
    if (this.stale) return
    this.stale = true
    this.ready = false
    if (!this.#hostFunctions.running) this.#unload()
  }

  #open(address: bigint): void {
    this.#hostFunctions.running = true
    this.#arena.reset()
    if (this.#exports(names.init)) this.#library.initialise(names.init, address)
    if (this.#exports(names.open)) this.#hook(names.open)()
    this.#hostFunctions.running = false
    this.#opened = true
    if (this.#hostFunctions.failed) throw new Error('a host function failed')
  }

  #hook(symbol: string): () => number {
    const call = this.#find(symbol, [], 'u32')
    const arena = this.#arena
    return () => {
      const result = call()
      if (result === 0 || arena.refused !== 0) throw arena.failure()
      if (result < arena.limit) return result
      throw new GuestFault('GUEST_POINTER', `its result at ${result} is not in its arena of ${arena.limit} bytes`)
    }
  }

  #find<const P extends readonly NativeType[], R extends NativeResult>(
    name: string,
    types: P,
    result: R,
  ): NativeFunction<P, R> {
    if (!this.#exports(name))
      throw new TypeError(`The library exports no function '${name}': the binding's check has to ask for it`)
    return this.#library.find(name, types, result)
  }

  #exports(name: string): boolean {
    return this.#image.exports.get(name)?.type === 'function'
  }

  #settle(): void {
    this.#hostFunctions.running = false
    if (this.stale) this.#unload()
    else this.ready = true
  }

  #fail(hook: string, thrown: unknown): never {
    const { plugin, meter } = this.#setting
    const error = this.#error(`finish '${hook}' of plugin '${plugin}'`, { hook }, thrown)
    this.#settle()
    meter.failed(error)
    throw error
  }

  /** What a host function threw counts before the failure that the library made of it. */
  #error(what: string, details: ErrorDetails, thrown: unknown): MortiseError {
    const { plugin } = this.#setting
    const first = this.#hostFunctions.take()
    const cause = first === undefined ? thrown : first.value
    if (cause instanceof GuestFault) {
      const { guest: said } = cause.details
      const guest = said && { guest: said }
      return new MortiseError(cause.code, `Cannot ${what}: ${cause.message}`, { plugin, ...details, ...guest, cause })
    }
    if (first === undefined && MortiseError.is(cause)) return cause
    const who = first === undefined ? "the contract's binding" : 'a host function'
    return new MortiseError('HOST_FUNCTION_FAILED', `Cannot ${what}: ${who} threw: ${reasonOf(cause)}`, {
      plugin,
      ...details,
      cause,
    })
  }

  #unload(): void {
    const { plugin } = this.#setting
    this.#arena.reset()
    if (this.#opened && this.#exports(names.close)) this.#library.find(names.close, [], 'void')()
    const stays = this.#library.close(() => {
      throw new MortiseError(
        'PLUGIN_UNPLUGGED',
        `Cannot call a function of plugin '${plugin}': its library was closed`,
        { plugin },
      )
    })
    if (!(stays ?? this.#image.stays !== undefined)) {
      this.#hostFunctions.release()
      this.#arena.free()
      return
    }
    kept.push(this.#arena)
    const why = this.#image.stays ?? this.#image.mayStay
    process.emitWarning(
      new MortiseError(
        'NATIVE_NOT_UNLOADED',
        `Cannot unload the native library of plugin '${plugin}': the system keeps it in memory until the process ends${why === undefined ? '' : `: ${why}`}`,
        { plugin },
      ),
    )
  }
}
