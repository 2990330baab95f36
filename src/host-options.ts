import type { LeaseOptions, MortiseOptions, PlugOptions } from './host.ts'
import type { LeaseLimits } from './pool/leases.ts'
import { parseTimer } from './limits.ts'
import { checkKeys, checkOption } from './options.ts'
import type { SwapOptions } from './plugin.ts'
import type { Kind, Runtime } from './runtime.ts'
import type { Keeping } from './versions.ts'

/** The runtimes of a host, by kind. */
export type Runtimes = { readonly [P in Kind]?: Runtime<P> }

/** Versions that one plugin may keep: each has an instance. */
const mostKept = 100

/** Leases that may be open: each has an instance. */
const mostLeases = 8_000

const kinds: Readonly<Record<Kind, true>> = { wasm: true, esm: true, native: true, process: true }

/** The one parser of a host's options. */
export function parseHost<K extends Kind>(
  options: MortiseOptions<K>,
): { runtimes: Runtimes; log: NonNullable<MortiseOptions<K>['log']> } {
  checkKeys(options, ['runtimes', 'log'], 'a Mortise')
  const { runtimes, log = () => {} } = options
  const listed = Array.isArray(runtimes) && runtimes.length > 0 && runtimes.every(isRuntime)
  checkOption('runtimes', runtimes, listed, 'a list of runtimes, such as [wasm()]')
  checkOption('log', log, typeof log === 'function', 'a function')
  const byKind = new Map<Kind, Runtime<Kind>>()
  for (const runtime of runtimes) {
    checkOption(
      'runtimes',
      runtimes,
      !byKind.has(runtime.kind),
      `each runtime once, and '${runtime.kind}' is there twice`,
    )
    byKind.set(runtime.kind, runtime)
  }
  return { runtimes: Object.freeze(Object.fromEntries(byKind)), log }
}

/** The one parser of a plugin's options. Its limits are parsed by the runtime that enforces them. */
export function parsePlug<K extends Kind>(
  name: string,
  options: PlugOptions<K>,
): Required<Pick<PlugOptions<K>, 'limits' | 'config'>> & {
  runtime: K | undefined
  keeping: Keeping
  leases: LeaseLimits
} {
  checkOption('name', name, typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name), nameForm)
  const where = `plugin '${name}'`
  checkKeys(options, ['runtime', 'limits', 'config', 'keep', 'drain', 'leases'], where)
  const { runtime, limits = {}, config = {}, keep = 0, drain = 60_000, leases = {} } = options
  checkOption(
    'keep',
    keep,
    Number.isSafeInteger(keep) && keep >= 0 && keep <= mostKept,
    `a whole number to ${mostKept}`,
  )
  checkOption(
    'runtime',
    runtime,
    runtime === undefined || Object.hasOwn(kinds, runtime),
    `one of ${Object.keys(kinds).join(', ')}`,
  )
  checkOption('limits', limits, typeof limits === 'object' && limits !== null, 'an object of limits')
  const texts =
    typeof config === 'object' && config !== null && Object.values(config).every((value) => typeof value === 'string')
  checkOption('config', config, texts, 'an object of texts by name')
  const keeping = { keep, drain: parseUntil('drain', drain) }
  return { runtime, limits, config: Object.freeze({ ...config }), keeping, leases: parseLeases(leases, where) }
}

function parseLeases(options: LeaseOptions, where: string): LeaseLimits {
  checkKeys(options, ['most', 'queue', 'time'], `the leases of ${where}`)
  const { most = 64, queue = 1000, time = 60_000 } = options
  checkOption(
    'most',
    most,
    Number.isSafeInteger(most) && most >= 1 && most <= mostLeases,
    `a whole number from 1 to ${mostLeases}`,
  )
  checkOption('queue', queue, Number.isSafeInteger(queue) && queue >= 0, 'a whole number')
  return { most, queue, time: parseUntil('time', time) }
}

/** The one parser of the options of a swap. */
export function parseSwap<H>(options: SwapOptions<H>): SwapOptions<H> {
  checkKeys(options, ['smoke', 'fresh'], 'a swap')
  const { smoke, fresh = false } = options
  checkOption('fresh', fresh, typeof fresh === 'boolean', 'true or false')
  checkOption('smoke', smoke, smoke === undefined || typeof smoke === 'function', 'a function')
  return options
}

function parseUntil(name: string, time: number | string): number {
  if (time === Infinity) return Infinity
  return parseTimer(name, time, 'at most 24 days, or Infinity')
}

/** Refuses what is no contract, and one that waits for its host functions: `OPTION_INVALID`. The types say so already. */
export function checkPluggable(contract: unknown): void {
  const given = typeof contract === 'object' && contract !== null ? contract : {}
  const wanted =
    'provide' in given ? 'what its provide({ … }) gives: it has host functions' : 'a contract, such as action'
  checkOption('contract', contract, 'bindings' in given && 'hooks' in given, wanted)
}

const nameForm = "a name of 1 to 100 letters, digits, '.', '_' or '-', which begins with a letter or digit"

function isRuntime(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    typeof value.kind === 'string' &&
    Object.hasOwn(kinds, value.kind)
  )
}
