import type { FastifyInstance } from 'fastify'
import type * as Prometheus from 'prom-client'
import { MortiseError } from '../errors.ts'
import type { FunctionStats } from '../functions/functions.ts'
import type { Registry } from './registry.ts'

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

interface Family {
  readonly kind: 'function' | 'site'
  readonly name: string
  readonly help: string
  readonly counts: boolean
  readonly labels: readonly string[]
  readonly samples: (name: string, stats: FunctionStats) => readonly Sample[]
}

/** What is counted of functions, and of sites. */
const families: readonly Family[] = [...familiesOf('function', 'Activations'), ...familiesOf('site', 'Requests')]

function familiesOf(kind: Family['kind'], what: string): readonly Family[] {
  const plain = (name: string, help: string, counts: boolean, value: (stats: FunctionStats) => number): Family => ({
    kind,
    name: `mortise_${kind}_${name}`,
    help,
    counts,
    labels: [kind],
    samples: (key, stats) => [[{ [kind]: key }, value(stats)]],
  })
  return [
    plain(`${what.toLowerCase()}_total`, `${what} that have ended`, true, ({ activations }) => activations),
    plain('deployments_total', `How often a ${kind} was deployed`, true, ({ deployments }) => deployments),
    plain('running', `${what} that run`, false, ({ running }) => running),
    plain('waiting', `${what} that wait for their turn`, false, ({ waiting }) => waiting),
    {
      kind,
      name: `mortise_${kind}_errors_total`,
      help: `${what} that failed or were refused, by the code of their error`,
      counts: true,
      labels: [kind, 'code'],
      samples: (name, { errors }) =>
        Object.entries(errors).map(([code, count]): Sample => [{ [kind]: name, code }, count]),
    },
  ]
}

/** What is measured. */
export interface Measured {
  readonly registry: Pick<Registry, 'all'>
  readonly sites: { readonly stats: readonly (readonly [name: string, stats: FunctionStats])[] }
}

/** `/metrics`, for Prometheus: what happens on functions and sites, and in this process. The package `prom-client` is loaded when it is first asked. */
export function metricsRoute(app: FastifyInstance, { registry, sites }: Measured): void {
  let made: Promise<Prometheus.Registry> | undefined
  app.get('/metrics', async (_, reply) => {
    made ??= collect({ registry, sites })
    const register = await made
    return reply.type(register.contentType).send(await register.metrics())
  })
}

async function collect({ registry, sites }: Measured): Promise<Prometheus.Registry> {
  const { Counter, Gauge, Registry: Registers, collectDefaultMetrics } = await load()
  const register = new Registers()
  collectDefaultMetrics({ register })
  const statsOf: Readonly<Record<Family['kind'], () => readonly (readonly [name: string, stats: FunctionStats])[]>> = {
    function: () => [...registry.all].map(([name, served]) => [name, served.stats()]),
    site: () => sites.stats,
  }
  for (const { kind, name, help, counts, labels, samples } of families) {
    const described = { name, help, labelNames: [...labels], registers: [register] }
    const read = (): readonly Sample[] => statsOf[kind]().flatMap(([key, stats]) => samples(key, stats))
    if (counts) {
      new Counter({
        ...described,
        collect() {
          this.reset()
          for (const [sample, value] of read()) this.inc(sample, value)
        },
      })
    } else {
      new Gauge({
        ...described,
        collect() {
          this.reset()
          for (const [sample, value] of read()) this.set(sample, value)
        },
      })
    }
  }
  return register
}

async function load(): Promise<typeof Prometheus> {
  try {
    return await import('prom-client')
  } catch (cause) {
    const why = "Cannot give metrics: the package 'prom-client' is not installed beside Mortise"
    throw new MortiseError('PATH_UNKNOWN', why, { cause })
  }
}
