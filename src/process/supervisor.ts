import { AsyncResource } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Setting } from '../runtime.ts'
import type { Call } from './call.ts'
import type { Child } from './child.ts'
import { ProcessFault } from './fault.ts'
import { Fifo } from './fifo.ts'
import type { End, Holder } from './holder.ts'
import type { ProcessEvent, ProcessSettings } from './options.ts'
import type { Program } from './program.ts'
import { startChild } from './start.ts'
import { Writer } from './writer.ts'

/** Milliseconds before the third start in a row; each one after waits twice as long, up to the longest. */
const firstPause = 100
const longestPause = 10_000

type Parts = Pick<Setting<'process'>, 'plugin' | 'log' | 'meter'>

/** Keeps one process running for one plugin: its calls wait here until the process takes them. */
export class Supervisor implements Holder {
  readonly log: Parts['log']
  readonly meter: Parts['meter']
  readonly context: AsyncResource = new AsyncResource('MortisePlugin')
  readonly #program: Program
  readonly #settings: ProcessSettings
  readonly #plugin: string
  readonly #waiting = new Fifo<Call>()
  #child: Child | undefined
  /** Calls under way or waiting, and the length of their lines. */
  #calls = 0
  #size = 0
  /** Milliseconds that the calls have which are made now, where they have a deadline of their own. */
  #deadline: number | undefined
  #flushing = false
  #starting = false
  /** Ends and failed starts since a call was answered, and when the last of them was. */
  #failures = 0
  #failed = 0
  #givenUp: ProcessFault | undefined
  #closed = false

  constructor(program: Program, settings: ProcessSettings, { plugin, log, meter }: Parts) {
    this.#program = program
    this.#settings = settings
    this.#plugin = plugin
    this.log = log
    this.meter = meter
  }

  /** What the live process says that it exports. */
  get exports(): Child['exports'] {
    return this.#child?.exports
  }

  /** Starts the first process. What cannot be started once is not tried again. */
  async open(): Promise<void> {
    this.#use(await startChild(this.#program, this.#settings, this))
  }

  exchange(line: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (line.includes('\n')) throw new TypeError('a line for a process has a line break in it')
      this.#admit(line)
      const leave = (): void => {
        this.#calls--
        this.#size -= line.length
      }
      this.#waiting.push({
        line,
        deadline: this.#deadline ?? this.#settings.deadline,
        due: Infinity,
        writer: new Writer(),
        logged: 0,
        resolve(answer) {
          leave()
          resolve(answer)
        },
        reject(error) {
          leave()
          reject(error)
        },
      })
      if (this.#flushing) return
      // All calls of this turn go out in one write.
      this.#flushing = true
      queueMicrotask(() => {
        this.#flushing = false
        this.room()
      })
    })
  }

  /** Gives the calls that are made inside a deadline of their own, in milliseconds. */
  allowing<R>(deadline: number, call: () => R): R {
    const before = this.#deadline
    this.#deadline = deadline
    try {
      return call()
    } finally {
      this.#deadline = before
    }
  }

  /** Stops the process, and starts none any more. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#child?.lifetime.stop(this.#settings.grace)
    await this.#program.dispose()
  }

  room(): void {
    if (this.#waiting.length === 0) return
    if (this.#child === undefined) return void this.#restart()
    const count = Math.min(this.#child.room, this.#waiting.length)
    const calls: Call[] = []
    for (let index = 0; index < count; index++) {
      const call = this.#waiting.shift()
      if (call !== undefined) calls.push(call)
    }
    if (calls.length > 0) this.#child.send(calls)
  }

  ended(end: End): void {
    const { pid, exitCode, signal, because } = end
    const how = { ...(exitCode !== undefined && { exitCode }), ...(signal !== undefined && { signal }) }
    this.#tell({ what: 'ended', pid, ...how, because })
    if (this.#child === undefined) return
    this.#child = undefined
    if (end.answered > 0) this.#failures = 0
    this.#fail(because)
    this.room()
  }

  #use(child: Child): void {
    this.#child = child
    this.#tell({ what: 'started', pid: child.pid })
  }

  /** Starts the next process, once the pause after the last failure is over. */
  async #restart(): Promise<void> {
    if (this.#starting || this.#closed) return
    this.#starting = true
    while (this.#child === undefined && this.#givenUp === undefined && !this.#closed) {
      await this.#pause()
      try {
        this.#use(await startChild(this.#program, this.#settings, this))
        this.meter.restores++
      } catch (error) {
        const because = error instanceof Error ? error.message : String(error)
        this.#tell({ what: 'failed', because })
        this.#fail(because)
      }
    }
    this.#starting = false
    if (this.#closed) await this.#child?.lifetime.stop(this.#settings.grace)
    this.room()
  }

  async #pause(): Promise<void> {
    const pause = this.#failures < 2 ? 0 : Math.min(firstPause * 2 ** (this.#failures - 2), longestPause)
    const left = this.#failed + pause - performance.now()
    if (left > 0) await wait(left)
  }

  /** Counts a failure, and gives up at the last. */
  #fail(because: string): void {
    this.#failed = performance.now()
    if (++this.#failures <= this.#settings.restarts || this.#closed) return
    const fault = new ProcessFault(
      'PROCESS_GIVEN_UP',
      `its process failed ${this.#failures} times in a row and is not started again. The last time, ${because}`,
    )
    this.#givenUp = fault
    this.#tell({ what: 'given-up', because })
    for (let call = this.#waiting.shift(); call !== undefined; call = this.#waiting.shift()) call.reject(fault)
  }

  #admit({ length }: string): void {
    if (this.#closed) throw new ProcessFault('PROCESS_ENDED', 'its process was stopped for good')
    if (this.#givenUp !== undefined) throw this.#givenUp
    const { queue, buffer } = this.#settings
    if (this.#calls + 1 > queue) {
      const message = `${queue} calls of it are under way or wait. Call less at once, or raise 'queue'`
      throw new ProcessFault('QUEUE_FULL', message, { asked: this.#calls + 1, limit: queue })
    }
    if (this.#size + length > buffer) {
      const message = `its calls that are under way or wait would take ${this.#size + length} bytes, and may take ${buffer}. Raise 'buffer'`
      throw new ProcessFault('QUEUE_FULL', message, { asked: this.#size + length, limit: buffer })
    }
    this.#calls++
    this.#size += length
  }

  #tell(event: Omit<ProcessEvent, 'plugin'>): void {
    try {
      this.#settings.watch({ plugin: this.#plugin, ...event })
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}
