import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { build } from 'mortise/build'
import { contract, list, string, u32 } from 'mortise/contract'
import { wasm } from 'mortise/wasm'
import { inFolder } from '../../../support/guest.ts'
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

const feeder = contract(
  'feeder',
  { feed: { params: { times: u32 }, result: list(string) } },
  { hostFunctions: { take: { params: { texts: list(string) }, result: list(string) } } },
)
const feed = `import { take } from './feeder-bindings'
const texts: string[] = []
for (let i = 0; i < 2000; i++) texts.push(i.toString())
export function feed(times: u32): string[] {
  for (let i: u32 = 0; i < times; i++) {
    const last = take(texts)
    if (last.length != 1 || last[0] != '1999') throw new Error('the host took something else')
  }
  return texts
}
`

describe('what a guest hands over', () => {
  for (const gc of ['none', 'minimal', 'incremental'] as const) {
    it(`takes room for one call after the other, with the collector '${gc}'`, async () => {
      const { wasm: module } = await inFolder({ 'guest.ts': feed }, (folder) =>
        build(join(folder, 'guest.ts'), { contract: feeder, gc }),
      )
      const open = feeder.provide({ take: ({ texts }) => texts.slice(-1) })
      await using host = new Mortise({ runtimes: [wasm({ memory: '1 MiB', deadline: '20 s' })] })
      const { hooks } = await host.plug('feeder', module, open)
      const texts = Array.from({ length: 2000 }, (_, index) => String(index))
      // 1,000 lists of 16 KB are many times the memory, and so are 300 calls.
      assert.deepEqual(hooks.feed({ times: 1000 }), texts)
      for (let call = 0; call < 300; call++) assert.deepEqual(hooks.feed({ times: call % 3 }), texts)
    })
  }
})
