import { checkKeys, checkOption, refuseOption } from './options.ts'

/** When an instance is put back to its checkpoint. After a failed call it always is. */
export type Restore = 'on-error' | 'when-full' | 'every-lease'

/** When the first instance of a plugin is made. */
export type Start = 'plug' | 'first call'

/** Every limit, as it is enforced. A runtime takes those of them that it enforces, and no other. */
export interface AllLimits {
  /** Bytes of linear memory of one instance, a multiple of 65,536. Default 16 MiB. */
  readonly memory: number
  /** Milliseconds that a call may take; `Infinity` for no end. Default 100; on `process` 60,000. */
  readonly deadline: number
  /** Units of fuel that a call may burn; see docs/limits.md for what costs what. Default: none is counted. */
  readonly fuel: number
  /** Bytes that a guest may write to its outputs and logs in one call. Default 1 MiB. */
  readonly output: number
  /** Milliseconds that a guest may sleep in one call. Default 100. */
  readonly sleep: number
  /** Calls that one process may work on at once, where it can. Default 1. */
  readonly concurrency: number
  /** Default `when-full` for guests without a garbage collector, such as Tenon's, and `on-error` for all others. */
  readonly restore: Restore
  /** Default `plug`: what cannot be initialised never goes live. */
  readonly start: Start
  /** Milliseconds without a call after which an instance is let go, of guests that `restore` puts back between calls. Default: never. */
  readonly idle: number
}

/** How a limit may be written: a size is a number of bytes or `'16 MiB'`, a duration is milliseconds or `'50 ms'`. */
export interface WrittenLimits {
  readonly memory: number | string
  readonly deadline: number | string
  readonly fuel: number | string
  readonly output: number | string
  readonly sleep: number | string
  readonly concurrency: number
  readonly restore: Restore
  readonly start: Start
  readonly idle: number | string
}

/** The name of a limit. */
export type Limit = keyof AllLimits

/** The defaults of every runtime that has the limit. `restore` has none, since it follows from the guest, and fuel is off. */
export const defaults: Omit<AllLimits, 'restore' | 'fuel'> = Object.freeze({
  memory: 16 * 2 ** 20,
  deadline: 100,
  output: 2 ** 20,
  sleep: 100,
  concurrency: 1,
  start: 'plug',
  idle: Infinity,
})

const sizes: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
}
const durations: Readonly<Record<string, number>> = { ms: 1, s: 1e3, min: 6e4 }
const restores: ReadonlySet<unknown> = new Set<Restore>(['on-error', 'when-full', 'every-lease'])
const starts: ReadonlySet<unknown> = new Set<Start>(['plug', 'first call'])
const pageSize = 65_536

/** In milliseconds: it is counted in microseconds, in 31 bits. */
const longestDeadline = 30 * 60_000

/** In milliseconds: who is idle is looked for four times as often. */
const shortestIdle = 10

/** The one parser of each limit. */
const parsers: { readonly [L in Limit]: (value: unknown) => AllLimits[L] } = {
  memory: (value) => {
    const bytes = quantity('memory', value, sizes, '16 MiB')
    checkOption('memory', value, bytes % pageSize === 0 && bytes <= 2 ** 32, 'a multiple of 64 KiB up to 4 GiB')
    return bytes
  },
  deadline: (value) => (value === Infinity ? Infinity : parseDeadline(value, '1 ms to 30 min, or Infinity')),
  fuel: (value) => {
    const units = typeof value === 'string' && /^\d+(?:e\d{1,2})?$/.test(value) ? Number(value) : value
    if (typeof units === 'number' && Number.isSafeInteger(units) && units >= 1) return units
    return refuseOption('fuel', value, "a whole number of units from 1, or text like '1e6'")
  },
  output: (value) => quantity('output', value, sizes, '1 MiB'),
  sleep: (value) => quantity('sleep', value, durations, '100 ms'),
  concurrency: (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value
    return refuseOption('concurrency', value, 'a whole number from 1')
  },
  restore: (value) => {
    return isRestore(value) ? value : refuseOption('restore', value, [...restores].join(', '))
  },
  start: (value) => (isStart(value) ? value : refuseOption('start', value, [...starts].join(', '))),
  idle: (value) => {
    if (value === Infinity) return Infinity
    const milliseconds = quantity('idle', value, durations, '30 s')
    checkOption('idle', value, milliseconds >= shortestIdle, `at least ${shortestIdle} ms, or Infinity`)
    return milliseconds
  },
}

/** Parses the deadline of a call into milliseconds: `OPTION_INVALID`. */
export function parseDeadline(value: unknown, wanted = '1 ms to 30 min'): number {
  const milliseconds = quantity('deadline', value, durations, '50 ms')
  checkOption('deadline', value, milliseconds >= 1 && milliseconds <= longestDeadline, wanted)
  return milliseconds
}

/** Parses a number of bytes, or text like `'16 MiB'`: `OPTION_INVALID`. */
export function parseSize(name: string, value: unknown, example = '16 MiB'): number {
  return quantity(name, value, sizes, example)
}

/** Parses a number of milliseconds, or text like `'10 s'`: `OPTION_INVALID`. */
export function parseDuration(name: string, value: unknown): number {
  return quantity(name, value, durations, '10 s')
}

/** Parses a time that a timer can wait for: `OPTION_INVALID`. */
export function parseTimer(name: string, value: unknown, wanted = 'at most 24 days'): number {
  const milliseconds = parseDuration(name, value)
  checkOption(name, value, milliseconds <= longestTimer, wanted)
  return milliseconds
}

const longestTimer = 2 ** 31 - 1

const isRestore = (value: unknown): value is Restore => restores.has(value)
const isStart = (value: unknown): value is Start => starts.has(value)

/**
 * Parses limits as a user writes them.
 *
 * @param given - what the user wrote; `undefined` values count as absent
 * @param names - the limits that the runtime enforces
 * @param where - what is being configured, for the error's sentence
 * @throws MortiseError `OPTION_UNKNOWN` for a key that is none of `names`, `OPTION_INVALID` for a value that can't be
 */
export function parseLimits<L extends Limit>(
  given: object,
  names: readonly L[],
  where: string,
): { readonly [P in L]?: AllLimits[P] } {
  checkKeys(given, names, where)
  const parsed: { [P in L]?: AllLimits[P] } = {}
  const values = new Map<string, unknown>(Object.entries(given))
  for (const name of names) {
    const value = values.get(name)
    if (value !== undefined) parsed[name] = parsers[name](value)
  }
  return parsed
}

function quantity(name: string, value: unknown, units: Readonly<Record<string, number>>, example: string): number {
  const form = `a whole number or text like '${example}'`
  const [, digits, unit] = typeof value === 'string' ? (/^(\d+(?:\.\d+)?) ?([A-Za-z]+)$/.exec(value) ?? []) : []
  const factor = unit === undefined ? undefined : units[unit]
  const amount = typeof value === 'number' ? value : factor === undefined ? NaN : Number(digits) * factor
  checkOption(name, value, Number.isSafeInteger(amount) && amount >= 0, `${form} (${Object.keys(units).join(', ')})`)
  return amount
}
