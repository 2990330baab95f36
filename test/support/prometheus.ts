import assert from 'node:assert/strict'

/** One sample of Prometheus's text format. */
export interface PrometheusSample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric with all of its samples. */
export interface PrometheusMetric {
  readonly type: string
  readonly help: string
  readonly samples: readonly PrometheusSample[]
}

const sample = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/y
const escaped: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }

/**
 * Reads what Prometheus scrapes, by its text format 0.0.4, and takes nothing else: HELP and TYPE once and before the samples, the
 * samples of a metric together, no sample twice, each a number.
 */
export function parsePrometheus(text: string): ReadonlyMap<string, PrometheusMetric> {
  assert(text.endsWith('\n'), 'the last line ends')
  const metrics = new Map<string, { type: string; help: string; samples: PrometheusSample[] }>()
  const seen = new Set<string>()
  const helps = new Map<string, string>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? []
    if (kind === 'HELP') {
      assert(!helps.has(name), `one HELP: ${line}`)
      helps.set(name, rest)
    } else if (kind === 'TYPE') {
      assert(!metrics.has(name) && /^(?:counter|gauge|histogram|summary|untyped)$/.test(rest), `one TYPE: ${line}`)
      metrics.set(name, { type: rest, help: helps.get(name) ?? '', samples: [] })
      current = name
    } else {
      const match = sample.exec(line)
      assert(match !== null, `a sample: ${line}`)
      const [, of = '', labels = '', value = ''] = match
      assert.equal(of, current, `a sample of the metric above it: ${line}`)
      assert(/^(?:NaN|[+-]Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i.test(value), `a number: ${line}`)
      const one = { labels: parseLabels(labels), value: Number(value.replace('Inf', 'Infinity')) }
      const id = JSON.stringify([of, Object.entries(one.labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])
      assert(!seen.has(id), `a sample that was not there yet: ${line}`)
      seen.add(id)
      metrics.get(of)?.samples.push(one)
    }
  }
  return metrics
}

function parseLabels(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {}
  for (label.lastIndex = 0; label.lastIndex < text.length;) {
    const match = label.exec(text)
    assert(match !== null, `labels: ${text}`)
    const [, name = '', value = ''] = match
    assert(!Object.hasOwn(labels, name), `a label once: ${text}`)
    labels[name] = value.replaceAll(/\\["\\n]/g, (one) => escaped[one] ?? one)
  }
  return labels
}
