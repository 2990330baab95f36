import { MortiseError, reasonOf } from '../errors.ts'
import { GuestFault } from '../fault.ts'
import type { HandOver, Instance, Setting } from '../runtime.ts'
import type { AsyncGuard, ProcessUnit } from '../units.ts'
import { ProcessFault } from './fault.ts'
import type { Supervisor } from './supervisor.ts'

/** Milliseconds that a process may take to give its state, or to take that of another: then it is ended. */
const longestHandOver = 5000

/** A process that is kept running. Its calls may overlap in time: they wait for their turn. */
export class ProcessInstance implements Instance<'process'> {
  readonly unit: ProcessUnit
  ready = true
  stale = false
  calls = 0
  readonly handOver: HandOver
  readonly #supervisor: Supervisor
  readonly #setting: Pick<Setting<'process'>, 'plugin' | 'meter'>

  constructor(supervisor: Supervisor, setting: Pick<Setting<'process'>, 'plugin' | 'meter'>) {
    this.#supervisor = supervisor
    this.#setting = setting
    const { exports = {} } = supervisor
    this.handOver = {
      dispose:
        exports['dispose'] === 'function'
          ? async () => Buffer.from(await this.#special('dispose', '{"hook":"dispose","value":{}}', json))
          : undefined,
      accept:
        exports['accept'] === 'function'
          ? async (state) => {
              const value = Buffer.from(state).toString()
              await this.#special('accept', `{"hook":"accept","value":${value}}`)
            }
          : undefined,
    }
    this.unit = Object.freeze({ exchange: (line: string) => supervisor.exchange(line), exports: supervisor.exports })
  }

  readonly guard: AsyncGuard =
    (name, hook) =>
    async (...args) => {
      this.calls++
      try {
        return await hook(...args)
      } catch (thrown) {
        const error = guestError(`Cannot finish '${name}' of plugin '${this.#setting.plugin}'`, thrown, {
          plugin: this.#setting.plugin,
          hook: name,
        })
        this.#setting.meter.failed(error)
        throw error
      }
    }

  /** Calls a function that is no hook. */
  #special(name: string, line: string, check = (answer: string): string => answer): Promise<string> {
    const exchange = (): Promise<string> => this.#supervisor.exchange(line)
    return this.guard(name, async () => check(await this.within(longestHandOver, exchange)))()
  }

  /** Makes one call under another deadline, in milliseconds. */
  within<R>(deadline: number, call: () => R): R {
    return this.#supervisor.allowing(deadline, call)
  }

  /** A process has no checkpoint: what it keeps, it keeps until it ends. */
  restore(): void {}

  async close(): Promise<void> {
    this.stale = true
    this.ready = false
    await this.#supervisor.close()
  }
}

/** A state becomes a part of the line for the next process, so that it has to be one value. */
function json(answer: string): string {
  try {
    return JSON.stringify(JSON.parse(answer))
  } catch (cause) {
    throw new GuestFault('GUEST_RESULT', `it answered with what is not JSON: ${reasonOf(cause)}`)
  }
}

/** The error that a fault is for the caller. */
export function guestError(what: string, thrown: unknown, of: { plugin: string; hook?: string }): MortiseError {
  if (!(thrown instanceof GuestFault))
    return new MortiseError('GUEST_THREW', `${what}: ${reasonOf(thrown)}`, { ...of, cause: thrown })
  const { code, message } = thrown
  const details = thrown instanceof ProcessFault ? thrown.details : {}
  return new MortiseError(code, `${what}: ${message}`, {
    ...of,
    ...details,
    ...((code === 'GUEST_THREW' || code === 'GUEST_RESULT') && { guest: { message } }),
    ...(thrown.cause !== undefined && { cause: thrown.cause }),
  })
}
