import type { FastifyInstance } from 'fastify'
import type * as Prometheus from 'prom-client'
import { MortiseError } from '../errors.ts'
import type { FunctionStats } from '../functions/functions.ts'
import type { Registry } from './registry.ts'

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

interface Family {
  readonly name: string
  readonly help: string
  readonly counts: boolean
  readonly labels: readonly string[]
  readonly samples: (name: string, stats: FunctionStats) => readonly Sample[]
}

const families: readonly Family[] = [
  ofFunction('activations_total', 'Activations that have ended', true, ({ activations }) => activations),
  ofFunction('deployments_total', 'How often a function was deployed', true, ({ deployments }) => deployments),
  ofFunction('running', 'Activations that run', false, ({ running }) => running),
  ofFunction('waiting', 'Activations that wait for their turn', false, ({ waiting }) => waiting),
  {
    name: 'mortise_function_errors_total',
    help: 'Activations that failed or were refused, by the code of their error',
    counts: true,
    labels: ['function', 'code'],
    samples: (name, { errors }) =>
      Object.entries(errors).map(([code, count]): Sample => [{ function: name, code }, count]),
  },
]

/** `/metrics`, for Prometheus: what happens on functions and in this process. The package `prom-client` is loaded when it is first asked. */
export function metricsRoute(app: FastifyInstance, registry: Registry): void {
  let made: Promise<Prometheus.Registry> | undefined
  app.get('/metrics', async (_, reply) => {
    made ??= collect(registry)
    const register = await made
    return reply.type(register.contentType).send(await register.metrics())
  })
}

async function collect(registry: Registry): Promise<Prometheus.Registry> {
  const { Counter, Gauge, Registry: Registers, collectDefaultMetrics } = await load()
  const register = new Registers()
  collectDefaultMetrics({ register })
  for (const { name, help, counts, labels, samples } of families) {
    const described = { name, help, labelNames: [...labels], registers: [register] }
    const read = (): readonly Sample[] => [...registry.all].flatMap(([key, served]) => samples(key, served.stats()))
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

function ofFunction(name: string, help: string, counts: boolean, value: (stats: FunctionStats) => number): Family {
  return {
    name: `mortise_function_${name}`,
    help,
    counts,
    labels: ['function'],
    samples: (key, stats) => [[{ function: key }, value(stats)]],
  }
}
