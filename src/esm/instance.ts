import { AsyncResource } from 'node:async_hooks'
import { deserialize, serialize } from 'node:v8'
import { type Bracket, bracketed } from '../bracket.ts'
import { MortiseError, reasonOf } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import type { AnyFunction, HandOver, Instance, Setting } from '../runtime.ts'
import type { AsyncGuard, EsmContext, EsmGuard, EsmUnit, Guard, LogLevel } from '../units.ts'
import { dispose } from './dispose.ts'

/** One loaded ES module. Its calls may overlap: asynchronous ones in time, synchronous ones one inside another. */
export class EsmInstance implements Instance<'esm'>, Bracket {
  readonly unit: EsmUnit
  ready = true
  stale = false
  calls = 0
  readonly handOver: HandOver
  /** Its `dispose` was called already. */
  #disposed = false
  readonly #setting: Setting<'esm'>
  readonly #output: number

  /** @param output - bytes that one call may log */
  constructor(exports: EsmUnit['exports'], output: number, setting: Setting<'esm'>) {
    this.#setting = setting
    this.#output = output
    this.unit = Object.freeze({ exports, context: () => this.#context() })
    const { dispose: leave, accept } = exports
    this.handOver = {
      dispose: isFunction(leave) ? () => this.#leave(leave) : undefined,
      accept: isFunction(accept) ? (state) => this.#accept(accept, state) : undefined,
    }
  }

  readonly #sync: Guard = (name, hook) => bracketed(name, hook, this)

  readonly #async: AsyncGuard =
    (name, hook) =>
    async (...args) => {
      this.calls++
      try {
        return await hook(...args)
      } catch (thrown) {
        throw this.#failed(name, thrown)
      }
    }

  readonly guard: EsmGuard = Object.assign(this.#sync, { async: this.#async })

  enter(): void {
    this.calls++
  }

  leave(): void {}

  recover(name: string, thrown: unknown): never {
    throw this.#failed(name, thrown)
  }

  /** An ES module has no checkpoint: what it keeps, it keeps. */
  restore(): void {}

  /** A failure of the module's `dispose` counts and is logged; nobody waits for an answer. */
  async close(): Promise<void> {
    this.stale = true
    this.ready = false
    if (this.#disposed) return
    try {
      await dispose(this.unit.exports)
    } catch (thrown) {
      const error = this.#failed('dispose', thrown)
      const call = ++this.#setting.meter.written
      this.#setting.log({ call, source: 'log', level: 'error', text: error.message })
    }
  }

  /** What is kept goes on as a structured clone does, so that nothing of it holds this module. */
  #leave(leave: AnyFunction): Uint8Array | Promise<Uint8Array> {
    return this.#called(
      'dispose',
      () => Reflect.apply(leave, undefined, []),
      (state) => {
        const bytes = serialize(state)
        this.#disposed = true
        return bytes
      },
    )
  }

  #accept(accept: AnyFunction, state: Uint8Array): void | Promise<void> {
    this.#disposed = false
    return this.#called(
      'accept',
      () => Reflect.apply(accept, undefined, [deserialize(state)]),
      () => {},
    )
  }

  /** Calls a function that is no hook: at once, where it returns at once. */
  #called<R>(name: string, call: () => unknown, read: (result: unknown) => R): R | Promise<R> {
    this.calls++
    try {
      const result = call()
      if (!(result instanceof Promise)) return read(result)
      return result.then(read).catch((thrown: unknown) => {
        throw this.#failed(name, thrown)
      })
    } catch (thrown) {
      throw this.#failed(name, thrown)
    }
  }

  #context(): EsmContext {
    // Whoever writes a line, and from wherever: it is this call's, and so is the context that the host's log is called in.
    const origin = new AsyncResource('mortise:call')
    let call = 0
    let written = 0
    const log =
      (level: LogLevel) =>
      (message: unknown): void => {
        const text = String(message)
        written += 2 * text.length
        if (written > this.#output) {
          throw new GuestFault(
            'OUTPUT_LIMIT',
            `it wrote more than ${this.#output} bytes of logs in one call. Write less, or raise the limit 'output'`,
          )
        }
        call ||= ++this.#setting.meter.written
        origin.runInAsyncScope(this.#setting.log, undefined, { call, source: 'log', level, text })
      }
    return Object.freeze({
      config: this.#setting.config,
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    })
  }

  #failed(hook: string, thrown: unknown): MortiseError {
    const { plugin, meter } = this.#setting
    const message = reasonOf(thrown)
    const code = thrown instanceof GuestFault ? thrown.code : 'GUEST_THREW'
    const error = new MortiseError(code, `Cannot finish '${hook}' of plugin '${plugin}': ${message}`, {
      plugin,
      hook,
      guest: { message },
      cause: thrown,
    })
    meter.failed(error)
    return error
  }
}

const isFunction = (value: unknown): value is AnyFunction => typeof value === 'function'
