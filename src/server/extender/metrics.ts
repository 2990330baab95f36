import { type Verb, verbs } from './verbs.ts'

interface Counts {
  requests: number
  seconds: number
  readonly errors: Map<string, number>
}

/** What an extender counts, in the text format of Prometheus. */
export class ExtenderMetrics {
  readonly #verbs: Readonly<Record<Verb, Counts>> = {
    filter: empty(),
    prioritize: empty(),
    bind: empty(),
    preempt: empty(),
  }
  readonly #gauges: () => Readonly<Record<string, number>>

  /** @param gauges - what there is at the moment, by what follows `mortise_extender_` in its name */
  constructor(gauges: () => Readonly<Record<string, number>>) {
    this.#gauges = gauges
  }

  answered(verb: Verb, milliseconds: number): void {
    const counts = this.#verbs[verb]
    counts.requests++
    counts.seconds += milliseconds / 1000
  }

  failed(verb: Verb, code: string): void {
    const { errors } = this.#verbs[verb]
    errors.set(code, (errors.get(code) ?? 0) + 1)
  }

  text(): string {
    const each = (line: (verb: Verb, counts: Counts) => readonly string[]): string[] =>
      verbs.flatMap((verb) => line(verb, this.#verbs[verb]))
    return [
      '# TYPE mortise_extender_requests_total counter',
      ...each((verb, { requests }) => [`mortise_extender_requests_total{verb="${verb}"} ${requests}`]),
      '# TYPE mortise_extender_seconds_total counter',
      ...each((verb, { seconds }) => [`mortise_extender_seconds_total{verb="${verb}"} ${seconds}`]),
      '# TYPE mortise_extender_errors_total counter',
      ...each((verb, { errors }) =>
        Array.from(errors, ([code, count]) => `mortise_extender_errors_total{verb="${verb}",code="${code}"} ${count}`),
      ),
      ...Object.entries(this.#gauges()).flatMap(([name, value]) => [
        `# TYPE mortise_extender_${name} gauge`,
        `mortise_extender_${name} ${value}`,
      ]),
      '',
    ].join('\n')
  }
}

const empty = (): Counts => ({ requests: 0, seconds: 0, errors: new Map() })
