import { MortiseError, reasonOf } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import type { AsyncGuard, EsmContext, EsmUnit, Instance, LogLevel, Setting } from '../runtime.ts'

/** One call of 1,024 is timed, from the first on. */
const sampleMask = 1023

/** One loaded ES module. Its calls may overlap in time, as those of any asynchronous function. */
export class EsmInstance implements Instance<'esm'> {
  readonly unit: EsmUnit
  ready = true
  stale = false
  calls = 0
  readonly #setting: Setting<'esm'>
  readonly #output: number

  /** @param output - bytes that one call may log */
  constructor(exports: EsmUnit['exports'], output: number, setting: Setting<'esm'>) {
    this.#setting = setting
    this.#output = output
    this.unit = Object.freeze({ exports, context: () => this.#context() })
  }

  readonly guard: AsyncGuard =
    (name, hook) =>
    async (...args) => {
      const { meter } = this.#setting
      const start = (++this.calls & sampleMask) === 1 ? performance.now() : undefined
      try {
        const result = await hook(...args)
        if (start !== undefined) meter.sample(performance.now() - start)
        return result
      } catch (thrown) {
        const error = this.#error(name, thrown)
        this.#setting.meter.failed(error)
        throw error
      }
    }

  /** An ES module has no checkpoint: what it keeps, it keeps. */
  restore(): void {}

  close(): void {
    this.stale = true
    this.ready = false
  }

  #context(): EsmContext {
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
        this.#setting.log({ call, source: 'log', level, text })
      }
    return Object.freeze({
      config: this.#setting.config,
      log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    })
  }

  #error(hook: string, thrown: unknown): MortiseError {
    const { plugin } = this.#setting
    const message = reasonOf(thrown)
    const code = thrown instanceof GuestFault ? thrown.code : 'GUEST_THREW'
    return new MortiseError(code, `Cannot finish '${hook}' of plugin '${plugin}': ${message}`, {
      plugin,
      hook,
      guest: { message },
      cause: thrown,
    })
  }
}
