import { tracingChannel } from 'node:diagnostics_channel'
import type { AnyFunction } from '../../contract.ts'
import type { HostCall } from './host-call.ts'
import { type Key, showKey } from './storage.ts'
import { hostFunctions } from './wasm-abi.ts'
import type { Calls } from './wasm-calls.ts'
import { notYet } from './wasm-waits.ts'

const channel = tracingChannel<HostCall>('mortise:host-function')

/** What the shim calls for each row, by the name that traces have for it. */
const rowName = 'hostReadValues.next'

/** What is known of a call so far. */
type OpenCall = { -readonly [P in keyof HostCall]: HostCall[P] }

/** A call whose guest is suspended. */
interface Waiting {
  readonly call: OpenCall
  readonly begun: number
}

type Run = (...args: unknown[]) => unknown

/**
 * The functions of the host, with a trace of each call where somebody listens now. Where nobody does they stay as they are: a look at
 * each call whether somebody listens by then would take up to 7 ns of it.
 */
export function traced(
  functions: Readonly<Record<string, AnyFunction>>,
  calls: Calls,
  plugin: string,
): Readonly<Record<string, AnyFunction>> {
  if (!channel.hasSubscribers) return functions
  const trace = new Trace(calls, plugin)
  return Object.fromEntries(
    Object.entries(functions).map(([name, run]): [string, AnyFunction] => {
      if (!isRun(run)) return [name, run]
      if (name === 'resume') return [name, () => trace.resume(run)]
      const shown = name === 'nextRow' ? rowName : name
      if (shown !== rowName && !Object.hasOwn(hostFunctions, name)) return [name, run]
      return [name, (...args: unknown[]) => (channel.hasSubscribers ? trace.run(shown, run, args) : run(...args))]
    }),
  )
}

/** The traces of the calls that one instance makes. */
class Trace {
  readonly #calls: Calls
  readonly #plugin: string
  #waiting: Waiting | undefined

  constructor(calls: Calls, plugin: string) {
    this.#calls = calls
    this.#plugin = plugin
  }

  run(name: string, run: Run, args: readonly unknown[]): unknown {
    const call: OpenCall = { plugin: this.#plugin, hook: this.#calls.call.extension, name, ...this.#about(name, args) }
    this.#waiting = undefined
    return channel.start.runStores(call, () => {
      const begun = performance.now()
      try {
        const result = run(...args)
        if (result === notYet && waits(name)) {
          this.#waiting = { call, begun }
          return result
        }
        call.milliseconds = performance.now() - begun
        if (name === 'hostGetKey' && typeof result === 'number') Object.assign(call, shown(this.#keyBuilder(result)))
        return result
      } catch (error) {
        this.#failed(call, begun, error)
        throw error
      } finally {
        channel.end.publish(call)
      }
    })
  }

  /** The guest goes on. */
  resume(run: Run): unknown {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting === undefined) return run()
    const { call, begun } = waiting
    return channel.asyncStart.runStores(call, () => {
      try {
        const result = run()
        call.milliseconds = performance.now() - begun
        return result
      } catch (error) {
        this.#failed(call, begun, error)
        throw error
      } finally {
        channel.asyncEnd.publish(call)
      }
    })
  }

  #failed(call: OpenCall, begun: number, error: unknown): void {
    call.milliseconds = performance.now() - begun
    call.error = error
    channel.error.publish(call)
  }

  /** What a call is about, before it is made: nothing of what the guest hands over is sure to be there. */
  #about(
    name: string,
    [first, second, third, fourth]: readonly unknown[],
  ): Pick<OpenCall, 'storage' | 'key' | 'field'> {
    const { keys, values, intents } = this.#calls
    if (name === 'hostGetKey') return {}
    if (name === rowName) return shown(this.#calls.reads.key)
    const handle = Number(first)
    if (name.startsWith('hostRowWriterPut')) {
      const key = second === 0 ? this.#keyBuilder(handle) : attempt(() => intents.handles.get(handle).key)
      return { ...shown(key), ...this.#field(third, fourth) }
    }
    if (name.startsWith('hostKeyAs'))
      return { ...shown(attempt(() => keys.get(handle).key)), ...this.#field(second, third) }
    if (name.startsWith('hostValueGetAs'))
      return { ...shown(attempt(() => values.handles.get(handle).key)), field: String(second) }
    if (name.startsWith('hostValueAs'))
      return { ...shown(attempt(() => values.handles.get(handle).key)), ...this.#field(second, third) }
    return shown(name === 'hostValueLength' ? attempt(() => values.handles.get(handle).key) : this.#keyBuilder(handle))
  }

  #keyBuilder(handle: number): Key | undefined {
    return attempt(() => this.#calls.keyBuilders.handles.get(handle))
  }

  #field(pointer: unknown, length: unknown): Pick<OpenCall, 'field'> {
    const field = attempt(() => this.#calls.names.text(Number(pointer), Number(length)))
    return field === undefined ? {} : { field }
  }
}

const waits = (name: string): boolean => name === rowName || hostFunctions[name]?.waits === true

const shown = (key: Key | undefined): Pick<OpenCall, 'storage' | 'key'> =>
  key === undefined ? {} : { storage: key.storage, key: showKey(key) }

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    // The call itself says what is wrong.
    return undefined
  }
}

const isRun = (value: AnyFunction): value is Run => typeof value === 'function'
