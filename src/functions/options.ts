import { parseDeadline, parseSize } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import type { ActivationLine } from './activation-log.ts'

/** Limits of the activations of one function. Durations are milliseconds or `'10 s'`, sizes bytes or `'16 MiB'`. */
export interface FunctionLimits {
  /** How long an activation may take; a `deadline` in its request may make it less. Default 60 s. */
  readonly deadline?: number | string
  /** Memory of a WebAssembly module. Default 16 MiB. */
  readonly memory?: number | string
  /** Output and logs of an activation. Default 1 MiB. */
  readonly output?: number | string
  /** Activations that run at a time, where the runtime can. Default 200. */
  readonly concurrency?: number
  /** Activations that may wait for their turn. Default 1,000. */
  readonly queue?: number
}

/** Options of {@link Functions}, with the limits of every function that does not have its own. */
export interface FunctionsOptions extends FunctionLimits {
  /** The runtimes beside `wasm` that a function may be for: whoever may deploy one may run anything. Default: none. */
  readonly allow?: readonly ('esm' | 'process')[]
  /** Gets every line that a function writes. Default: they are dropped. */
  readonly log?: (line: ActivationLine) => void
}

/** The limits of a function, parsed: milliseconds and bytes. */
export interface ParsedLimits {
  readonly deadline: number
  readonly memory: number
  readonly output: number
  readonly concurrency: number
  readonly queue: number
}

const standard: ParsedLimits = {
  deadline: 60_000,
  memory: 16 * 2 ** 20,
  output: 2 ** 20,
  concurrency: 200,
  queue: 1000,
}

/** The names of the limits. */
export const limitNames = ['deadline', 'memory', 'output', 'concurrency', 'queue'] as const

/** The one parser of a function's limits: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseLimits(given: FunctionLimits, usual: ParsedLimits = standard): ParsedLimits {
  const { deadline, memory, output, concurrency = usual.concurrency, queue = usual.queue } = given
  for (const [name, value, least] of [
    ['concurrency', concurrency, 1],
    ['queue', queue, 0],
  ] as const)
    checkOption(name, value, Number.isSafeInteger(value) && value >= least, `a whole number from ${least}`)
  return {
    deadline: deadline === undefined ? usual.deadline : parseDeadline(deadline),
    memory: memory === undefined ? usual.memory : parseSize('memory', memory),
    output: output === undefined ? usual.output : parseSize('output', output, '1 MiB'),
    concurrency,
    queue,
  }
}

/** The one parser of the options of {@link Functions}. */
export function parseFunctions(options: FunctionsOptions): {
  readonly limits: ParsedLimits
  readonly allow: ReadonlySet<'esm' | 'process'>
  readonly log: (line: ActivationLine) => void
} {
  checkKeys(options, [...limitNames, 'allow', 'log'], 'functions')
  const { allow = [], log = () => {}, ...limits } = options
  const known = Array.isArray(allow) && allow.every((kind) => kind === 'esm' || kind === 'process')
  checkOption('allow', allow, known, "a list of 'esm' and 'process'")
  checkOption('log', log, typeof log === 'function', 'a function')
  return { limits: parseLimits(limits), allow: new Set(allow), log }
}
