import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { extensions, StateKind } from 'mortise/extension'
import { metrics } from 'mortise/metrics'
import { wasm } from 'mortise/wasm'
import { Counter, Registry, register as everyones } from 'prom-client'
import { extensionGuest } from './support/extension-guest.ts'
import { parsePrometheus, type PrometheusMetric } from './support/prometheus.ts'
import { benchContract, failure, wat } from './support/wat.ts'

const guest = wat('(module (func (export "good")) (func (export "bad") unreachable))')
const contract = benchContract()
const onWasm = (): Mortise<'wasm'> => new Mortise({ runtimes: [wasm()] })

/** What a registry says, as text that a scraper takes. */
const scraped = async (register: Registry): Promise<ReadonlyMap<string, PrometheusMetric>> =>
  parsePrometheus(await register.metrics())

function valueOf(
  all: ReadonlyMap<string, PrometheusMetric>,
  name: string,
  labels: Readonly<Record<string, string>>,
): number | undefined {
  const metric = all.get(name)
  assert(metric !== undefined, `there is a metric ${name}`)
  return metric.samples.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
    ?.value
}

describe('the metrics of a host', () => {
  it('are the calls, seconds, errors and restores of each extension', async () => {
    const bytes = extensionGuest({ Good: '', Bad: '(unreachable)', Idle: '' })
    await using host = onWasm()
    const register = metrics(host, { register: new Registry() })
    const { hooks } = await host.plug('orders', bytes, extensions({ Good: {}, Bad: {}, Idle: {} }))
    const state = new StateKind({ name: 'Test', storages: {} }).open(undefined)
    for (let call = 0; call < 3000; call++) hooks.Good(state)
    for (let call = 0; call < 7; call++) failure('TRAP_UNREACHABLE', () => hooks.Bad(state))
    const all = await scraped(register)
    const of = (name: string, hook: string): number | undefined => valueOf(all, name, { plugin: 'orders', hook })
    assert.deepEqual(
      ['Good', 'Bad', 'Idle'].map((hook) => of('mortise_calls_total', hook)),
      [3000, 7, 0],
    )
    assert((of('mortise_call_seconds_total', 'Good') ?? 0) > 0)
    assert.equal(of('mortise_call_seconds_total', 'Idle'), 0)
    assert.deepEqual(all.get('mortise_errors_total')?.samples, [
      { labels: { plugin: 'orders', hook: 'Bad', code: 'TRAP_UNREACHABLE' }, value: 7 },
    ])
    assert.equal(valueOf(all, 'mortise_restores_total', { plugin: 'orders' }), 7)
    for (const [name, { type, help }] of all) {
      assert.equal(type, name === 'mortise_plugin_info' ? 'gauge' : 'counter')
      assert(help !== '')
    }
  })

  it('are read when they are scraped, over HTTP, beside those of somebody else', async () => {
    await using host = onWasm()
    const register = new Registry()
    new Counter({ name: 'requests_total', help: 'Requests', registers: [register] }).inc(2)
    metrics(host, { register })
    const plugin = await host.plug('guest', guest, contract, { limits: { fuel: 1000 } })
    await using server = createServer((_request, response) => {
      void register.metrics().then((text) => response.setHeader('content-type', register.contentType).end(text))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    assert(typeof address === 'object' && address !== null)
    const scrape = async (): Promise<ReadonlyMap<string, PrometheusMetric>> => {
      const response = await fetch(`http://127.0.0.1:${address.port}/metrics`)
      assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
      return parsePrometheus(await response.text())
    }
    for (const calls of [1, 2]) {
      plugin.hooks.call('good', [])
      const all = await scrape()
      assert.equal(valueOf(all, 'mortise_calls_total', { plugin: 'guest', hook: 'call' }), calls)
      assert.equal(valueOf(all, 'mortise_fuel_total', { plugin: 'guest' }), plugin.stats().fuel)
      assert.equal(valueOf(all, 'requests_total', {}), 2)
    }
    const { digest } = plugin
    assert.equal(valueOf(await scrape(), 'mortise_plugin_info', { plugin: 'guest', runtime: 'wasm', digest }), 1)
    await plugin.swap(wat('(module (func (export "good") nop))'))
    const swapped = await scrape()
    assert.equal(valueOf(swapped, 'mortise_swaps_total', { plugin: 'guest' }), 1)
    assert.equal(valueOf(swapped, 'mortise_plugin_info', { digest }), undefined)
    await plugin.unplug()
    for (const [name, { samples }] of await scrape()) assert.equal(samples.length, name === 'requests_total' ? 1 : 0)
  })

  it('are those of several hosts together', async () => {
    await using one = onWasm()
    await using two = onWasm()
    const register = metrics([one, two], { register: new Registry() })
    for (const host of [one, two]) {
      const plugin = await host.plug('guest', guest, contract)
      plugin.hooks.call('good', [])
    }
    await two.plug('other', guest, contract)
    const all = await scraped(register)
    assert.equal(valueOf(all, 'mortise_calls_total', { plugin: 'guest', hook: 'call' }), 2)
    assert.equal(valueOf(all, 'mortise_calls_total', { plugin: 'other', hook: 'call' }), 0)
  })

  it("go to everybody's registry where none is named, and only once to one", async () => {
    await using host = onWasm()
    try {
      assert.equal(metrics(host), everyones)
      const { message } = failure('OPTION_INVALID', () => metrics(host))
      assert.match(message, /the registry has those of another one/)
    } finally {
      everyones.clear()
    }
  })

  it('take a host and a registry, and nothing else', async () => {
    await using host = onWasm()
    // @ts-expect-error as a caller without a type checker would
    failure('OPTION_INVALID', () => metrics({}))
    failure('OPTION_INVALID', () => metrics([]))
    // @ts-expect-error the same
    failure('OPTION_INVALID', () => metrics(host, { register: {} }))
    // @ts-expect-error the same
    failure('OPTION_UNKNOWN', () => metrics(host, { registry: new Registry() }))
  })
})
