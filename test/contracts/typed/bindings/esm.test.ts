import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { esm } from 'mortise/esm'
import { everyType } from './every-type.ts'
import { EchoingHost, roundTrip, saidAtLoad } from './round-trip.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

describe(`an ES module on the generated types, with seed ${seed}`, () => {
  it('gives back values of every type', async () => {
    await using host = new Mortise({ runtimes: [esm()] })
    const echoing = new EchoingHost()
    const guest = new URL('esm-guest.ts', import.meta.url)
    const plugin = await host.plug('every-type', guest, everyType.provide(echoing.functions))
    assert.deepEqual(plugin.values, saidAtLoad)
    await roundTrip(plugin.hooks, echoing, seed)
  })
})
