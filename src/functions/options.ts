import { availableParallelism } from 'node:os'
import type { CodeRuntime, PostedCode, ReadyCode } from '../code/code.ts'
import { defaults, parseDeadline, parseTimer, parseLimits as parseCommon } from '../limits.ts'
import { checkKeys, checkOption } from '../options.ts'
import type { ProcessOptions } from '../process/process.ts'
import type { ActivationLine } from './activation-log.ts'

/** Limits of the activations of one function. Durations are milliseconds or `'10 s'`, sizes bytes or `'16 MiB'`. */
export interface FunctionLimits {
  /** How long an activation may take, with the wait for its turn; a `deadline` in its request may make it less. Default 60 s. */
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
  /** The runtimes beside `wasm` that a function may be for: whoever may deploy for one of them may run anything. Default: none. */
  readonly allow?: readonly ('esm' | 'process')[]
  /** What makes posted code ready to be plugged. Default: a folder of its own below the system's for temporary files. */
  readonly code?: { prepare(code: PostedCode): Promise<ReadyCode> }
  /** Gets every line that a function writes. What it throws is a warning of the process. Default: they are dropped. */
  readonly log?: (line: ActivationLine) => void
  /** How many versions of each function that were live before are kept ready, each loaded. Default 0. */
  readonly keep?: number
  /**
   * How long activations may go on once their version is live no more: they then fail with `VERSION_RETIRED`. Default: each has its
   * deadline.
   */
  readonly drain?: number | string
  /** How long an activation in WebAssembly may keep the event loop before it is run on a thread. Default 10 ms. */
  readonly slice?: number | string
  /** How many threads there may be for those. Default: one less than the machine has processors, and at least 4. */
  readonly threads?: number
  /** How programs are started, stopped and watched; what is a limit of activations is set above. */
  readonly process?: Omit<ProcessOptions, 'deadline' | 'output' | 'queue' | 'concurrency'>
}

/** The limits of a function, parsed: milliseconds and bytes. */
export interface ParsedLimits {
  readonly deadline: number
  readonly memory: number
  readonly output: number
  readonly concurrency: number
  readonly queue: number
}

/** The options of {@link Functions}, parsed. */
export interface ParsedOptions {
  readonly limits: ParsedLimits
  readonly allow: ReadonlySet<CodeRuntime>
  readonly code: FunctionsOptions['code']
  readonly log: (line: ActivationLine) => void
  readonly keep: number
  readonly drain: number
  readonly slice: number
  readonly threads: number
  readonly process: NonNullable<FunctionsOptions['process']>
}

const standard: ParsedLimits = {
  deadline: 60_000,
  memory: defaults.memory,
  output: defaults.output,
  concurrency: 200,
  queue: 1000,
}

/** A system runs more threads than it has processors, each for a while, so that one that loops stops no other. */
const fewestThreads = 4

/** The names of the limits. */
export const limitNames = ['deadline', 'memory', 'output', 'concurrency', 'queue'] as const

/** The one parser of a function's limits: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseLimits(given: FunctionLimits, where: string, usual: ParsedLimits = standard): ParsedLimits {
  const { concurrency = usual.concurrency, queue = usual.queue, ...common } = given
  checkWhole('concurrency', concurrency, 1)
  checkWhole('queue', queue, 0)
  const { deadline, memory, output } = { ...usual, ...parseCommon(common, ['deadline', 'memory', 'output'], where) }
  checkOption('deadline', given.deadline, deadline !== Infinity, 'an end')
  return { deadline, memory, output, concurrency, queue }
}

/** The one parser of the options of {@link Functions}: `OPTION_UNKNOWN`, `OPTION_INVALID`. */
export function parseFunctions(options: FunctionsOptions): ParsedOptions {
  checkKeys(
    options,
    [...limitNames, 'allow', 'code', 'log', 'keep', 'drain', 'slice', 'threads', 'process'],
    'functions',
  )
  const { allow = [], code, log = () => {}, keep = 0, drain, slice = 10, process = {}, ...rest } = options
  const { threads = Math.max(fewestThreads, availableParallelism() - 1), ...limits } = rest
  const known = Array.isArray(allow) && allow.every((kind) => kind === 'esm' || kind === 'process')
  checkOption('allow', allow, known, "a list of 'esm' and 'process'")
  checkOption('code', code, code === undefined || isPreparer(code), 'an object with the method prepare(code)')
  checkOption('log', log, typeof log === 'function', 'a function')
  checkOption('process', process, typeof process === 'object' && process !== null, 'an object of options')
  checkWhole('threads', threads, 1)
  checkWhole('keep', keep, 0)
  return {
    limits: parseLimits(limits, 'functions'),
    code,
    allow: new Set(['wasm', ...allow]),
    log,
    keep,
    drain: drain === undefined || drain === Infinity ? Infinity : parseTimer('drain', drain, 'at most 24 days'),
    slice: parseDeadline(slice),
    threads,
    process,
  }
}

const isPreparer = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'prepare' in value && typeof value.prepare === 'function'

function checkWhole(name: string, value: unknown, least: number): void {
  checkOption(name, value, Number.isSafeInteger(value) && Number(value) >= least, `a whole number from ${least}`)
}
