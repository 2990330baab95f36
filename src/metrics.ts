import { Counter, Gauge, register as everyones, type Registry } from 'prom-client'
import { MortiseError } from './errors.ts'
import type { Mortise } from './host.ts'
import { checkKeys, checkOption } from './options.ts'
import type { Plugin } from './plugin.ts'
import type { Kind } from './runtime.ts'
import type { Stats } from './stats.ts'

/** A host, as metrics see it. */
export type MeteredHost = Pick<Mortise<Kind>, 'plugins' | 'timeCalls'>

/** Options of {@link metrics}. */
export interface MetricsOptions {
  /** Where the metrics are registered. Default: the registry that everybody shares, `register` of `prom-client`. */
  readonly register?: Registry
}

type Labels = Readonly<Record<string, string>>
type Sample = readonly [labels: Labels, value: number]

/** A plugin with its statistics, read once for all metrics. */
interface Reading {
  readonly plugin: Plugin<unknown, unknown>
  readonly stats: Stats
}

interface Family {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly samples: (reading: Reading) => readonly Sample[]
}

const counters: readonly Family[] = [
  ofHooks('mortise_calls_total', 'Calls of a hook', ({ calls }) => calls),
  ofHooks('mortise_call_seconds_total', 'Seconds that the calls of a hook took', ({ seconds = 0 }) => seconds),
  {
    name: 'mortise_errors_total',
    help: 'Calls of a hook that failed, by the code of their error',
    labelNames: ['plugin', 'hook', 'code'],
    samples: ({ plugin: { name }, stats: { hooks } }) =>
      Object.entries(hooks).flatMap(([hook, { errors }]) =>
        Object.entries(errors).map(([code, count]): Sample => [{ plugin: name, hook, code }, count]),
      ),
  },
  ofPlugin('mortise_restores_total', 'Times that a guest was put back to its checkpoint', ({ restores }) => restores),
  ofPlugin('mortise_swaps_total', 'Swaps of a plugin to another version', ({ swaps }) => swaps),
  ofPlugin('mortise_fuel_total', 'Units of fuel that the calls of a plugin burnt', ({ fuel }) => fuel),
]

const info: Family = {
  name: 'mortise_plugin_info',
  help: 'The live version of a plugin: its runtime, and the SHA-256 of its artifact',
  labelNames: ['plugin', 'runtime', 'digest'],
  samples: ({ plugin: { name, runtime, digest } }) => [[{ plugin: name, runtime, digest }, 1]],
}

/**
 * Gives a registry of `prom-client` what happens on the plugins of a host, for Prometheus to scrape: calls, seconds and errors of every
 * hook; restores, swaps and fuel of every plugin. It reads the plugins' statistics when it is asked, and has every call timed from now
 * on, which takes 0.1 µs a call.
 *
 * A plugin that is unplugged is gone from it. Plugins of one name on several hosts are counted together.
 *
 * @param hosts - one or more
 * @param options - `register`
 * @returns the registry
 * @throws MortiseError `OPTION_UNKNOWN`; `OPTION_INVALID` for what is no host or no registry, and for a registry that has hosts
 *   already
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { metrics } from 'mortise/metrics'
 * import { wasm } from 'mortise/wasm'
 * import { Registry } from 'prom-client'
 *
 * await using host = new Mortise({ runtimes: [wasm()] })
 * const register = metrics(host, { register: new Registry() })
 * console.log(await register.metrics())
 * ```
 */
export function metrics(hosts: MeteredHost | readonly MeteredHost[], options: MetricsOptions = {}): Registry {
  checkKeys(options, ['register'], 'metrics()')
  const { register = everyones } = options
  const all = isList(hosts) ? [...hosts] : [hosts]
  checkOption('hosts', hosts, all.length > 0 && all.every(isHost), 'a host, or a list of hosts')
  checkOption('register', register, isRegistry(register), "a Registry of the package 'prom-client'")
  if (register.getSingleMetric(info.name) !== undefined) {
    throw new MortiseError(
      'OPTION_INVALID',
      'Cannot register the metrics of a host: the registry has those of another one. Give metrics() all hosts in one list',
    )
  }
  for (const host of all) host.timeCalls()
  const read = readingOnce(() => all.flatMap(({ plugins }) => Array.from(plugins.values())))
  for (const family of counters) {
    new Counter({
      ...described(family, register),
      collect() {
        this.reset()
        for (const [labels, value] of read().flatMap(family.samples)) this.inc(labels, value)
      },
    })
  }
  new Gauge({
    ...described(info, register),
    collect() {
      this.reset()
      for (const [labels, value] of read().flatMap(info.samples)) this.set(labels, value)
    },
  })
  return register
}

function ofHooks(name: string, help: string, value: (hook: Stats['hooks'][string]) => number): Family {
  return {
    name,
    help,
    labelNames: ['plugin', 'hook'],
    samples: ({ plugin, stats }) =>
      Object.entries(stats.hooks).map(([hook, one]): Sample => [{ plugin: plugin.name, hook }, value(one)]),
  }
}

function ofPlugin(name: string, help: string, value: (stats: Stats) => number): Family {
  return {
    name,
    help,
    labelNames: ['plugin'],
    samples: ({ plugin, stats }) => [[{ plugin: plugin.name }, value(stats)]],
  }
}

/** What the constructors of `prom-client` take, which keep and change lists that they are given. */
function described({ name, help, labelNames }: Family, register: Registry): Described {
  return { name, help, labelNames: [...labelNames], registers: [register] }
}

interface Described {
  name: string
  help: string
  labelNames: string[]
  registers: Registry[]
}

/** Reads the statistics once for all metrics of one scrape, which are collected one after another. */
function readingOnce(plugins: () => readonly Plugin<unknown, unknown>[]): () => readonly Reading[] {
  let readings: readonly Reading[] | undefined
  return () => {
    if (readings === undefined) {
      readings = plugins().map((plugin) => ({ plugin, stats: plugin.stats() }))
      queueMicrotask(() => (readings = undefined))
    }
    return readings
  }
}

const isList = (hosts: MeteredHost | readonly MeteredHost[]): hosts is readonly MeteredHost[] => Array.isArray(hosts)

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'

const isHost = (host: unknown): boolean => has(host, 'timeCalls')
const isRegistry = (register: unknown): boolean => has(register, 'registerMetric')
