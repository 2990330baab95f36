import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { wasm } from 'mortise/wasm'
import { compileWithBindings, witBindgenMissing } from '../../../support/wit-bindgen.ts'
import { everyType } from './every-type.ts'
import { EchoingHost, roundTrip, saidAtLoad } from './round-trip.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const folder = new URL('../../../guests/every-type/wit/', import.meta.url)

describe(`a guest in C on what wit-bindgen makes, with seed ${seed}`, { skip: await witBindgenMissing() }, () => {
  it('gives back values of every type', async () => {
    const guest = await compileWithBindings(new URL('every-type.wit', folder), new URL('guest.c', folder))
    await using host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
    const echoing = new EchoingHost()
    const plugin = await host.plug('every-type', guest, everyType.provide(echoing.functions))
    assert.deepEqual(plugin.values, saidAtLoad)
    await roundTrip(plugin.hooks, echoing, seed)
  })
})
