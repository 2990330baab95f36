import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import { wasm } from 'mortise/wasm'
import { everyType } from './every-type.ts'
import { EchoingHost, roundTrip, saidAtLoad } from './round-trip.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const guest = join(import.meta.dirname, '../../../guests/every-type/assemblyscript')

describe(`a guest in AssemblyScript for every type, with seed ${seed}`, () => {
  for (const gc of ['none', 'minimal', 'incremental'] as const) {
    it(`gives back what it is given, with the collector '${gc}'`, async () => {
      const { wasm: module, warnings } = await build(guest, { contract: everyType, gc })
      assert.deepEqual(warnings, [])
      await using host = new Mortise({ runtimes: [wasm({ memory: '64 MiB', deadline: '10 s' })] })
      const echoing = new EchoingHost()
      const plugin = await host.plug('every-type', module, everyType.provide(echoing.functions))
      assert.deepEqual(plugin.values, saidAtLoad)
      await roundTrip(plugin.hooks, echoing, seed)
    })
  }
})
