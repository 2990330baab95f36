import { type AllLimits, defaults, parseTimer, parseLimits, parseSize } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import type { LimitsOf } from '../runtime.ts'
import { checkEnvironment } from './environment.ts'

/** What happened to a process, for whoever watches. */
export interface ProcessEvent {
  readonly plugin: string
  /**
   * - `started`: it runs and is ready for calls
   * - `ended`: it has ended, whoever ended it
   * - `failed`: it could not be started
   * - `given-up`: it failed too often in a row and is started no more
   */
  readonly what: 'started' | 'ended' | 'failed' | 'given-up'
  readonly pid?: number
  readonly exitCode?: number
  readonly signal?: string
  /** Why, in a sentence. */
  readonly because?: string
}

/** Options of the `process` runtime. Sizes are bytes or `'16 MiB'`, durations milliseconds or `'10 s'`. */
export interface ProcessOptions extends LimitsOf<'process'> {
  /** Environment of every process; a plugin's `config` comes on top. Nothing is inherited. Default: empty. */
  readonly env?: Readonly<Record<string, string>>
  /** Every process says that it is ready, with a line `{"ok":true}` on descriptor 3. Default: false. */
  readonly ack?: boolean
  /** A process has so long to get ready. Default 10 s. */
  readonly start?: number | string
  /** One that says nothing when it is ready counts as started after so long. Default 5 ms. */
  readonly settle?: number | string
  /** Between two steps of the stop ladder passes so long. Default 1 s. */
  readonly grace?: number | string
  /** Ends in a row, with no call answered between, after which it is not started again. Default 10. */
  readonly restarts?: number
  /** Calls that are given to the process before the first of them is answered. Default 1. */
  readonly pipeline?: number
  /** Calls of one plugin that may be under way or wait. Default 1,000. */
  readonly queue?: number
  /** Bytes of their lines together. Default 64 MiB. */
  readonly buffer?: number | string
  /** Bytes of one answer. Default 16 MiB. */
  readonly answer?: number | string
  /** Looks for an answer without a pause for the first 0.05 ms, while that pays. Default: true. */
  readonly spin?: boolean
  /** Is told whenever a process starts, ends, or is given up. */
  readonly watch?: (event: ProcessEvent) => void
}

/** The limits of a call, by name. */
const limitNames = ['deadline', 'output', 'concurrency'] as const

/** All options, parsed: sizes in bytes, durations in milliseconds. */
export interface ProcessSettings extends Pick<AllLimits, (typeof limitNames)[number]> {
  readonly env: Readonly<Record<string, string>>
  readonly ack: boolean
  readonly start: number
  readonly settle: number
  readonly grace: number
  readonly restarts: number
  readonly pipeline: number
  readonly queue: number
  readonly buffer: number
  readonly answer: number
  readonly spin: boolean
  readonly watch: (event: ProcessEvent) => void
}

/** A process may wait for others, and nothing of the host waits for it, so that it has longer than a call in this process. */
const standard: Omit<ProcessSettings, 'output' | 'concurrency'> = {
  deadline: 60_000,
  env: {},
  ack: false,
  start: 10_000,
  settle: 5,
  grace: 1000,
  restarts: 10,
  pipeline: 1,
  queue: 1000,
  buffer: 64 * 2 ** 20,
  answer: 16 * 2 ** 20,
  spin: true,
  watch() {},
}

/** The one parser of the runtime's options. */
export function parseProcess(options: ProcessOptions): ProcessSettings {
  checkKeys(options, [...limitNames, ...Object.keys(standard).filter((name) => name !== 'deadline')], 'childProcess()')
  const { deadline, output, concurrency, ...rest } = options
  const given = { ...standard, ...defined(rest) }
  checkEnvironment('env', given.env)
  for (const name of ['ack', 'spin'] as const)
    checkOption(name, given[name], typeof given[name] === 'boolean', 'true or false')
  for (const name of ['pipeline', 'queue'] as const)
    checkOption(name, given[name], Number.isSafeInteger(given[name]) && given[name] >= 1, 'a whole number from 1')
  const { restarts, watch } = given
  checkOption('restarts', restarts, Number.isSafeInteger(restarts) && restarts >= 0, 'a whole number from 0')
  checkOption('watch', watch, typeof watch === 'function', 'a function')
  return Object.freeze({
    ...given,
    env: Object.freeze({ ...given.env }),
    start: parseTimer('start', given.start),
    settle: parseTimer('settle', given.settle),
    grace: parseTimer('grace', given.grace),
    buffer: parseSize('buffer', given.buffer),
    answer: parseSize('answer', given.answer),
    deadline: standard.deadline,
    output: defaults.output,
    concurrency: defaults.concurrency,
    ...defined(parseLimits(defined({ deadline, output, concurrency }), limitNames, 'childProcess()')),
  })
}

/** The settings of a plugin with limits of its own. */
export function narrow(settings: ProcessSettings, limits: LimitsOf<'process'>): ProcessSettings {
  return { ...settings, ...defined(parseLimits(limits, limitNames, "the limits of a plugin on 'process'")) }
}

/** Without what is undefined, which counts as absent. */
function defined<T extends object>(given: T): { [P in keyof T]?: Exclude<T[P], undefined> } {
  // oxlint-disable-next-line no-unsafe-type-assertion -- the same keys and values, but for those that the type leaves out
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never
}
