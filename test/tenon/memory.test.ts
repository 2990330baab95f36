import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { build } from 'mortise/build'
import { buildText, instantiate } from '../support/guest.ts'

const page = 65_536
const event = '{"name":"Mike"}'
const greeting = '{"greetings":"Hello, Mike"}'

describe('memory', () => {
  it('lasts for a million JSON calls without a collector, when the instance is renewed at 16 MiB', async () => {
    const module = new WebAssembly.Module(Uint8Array.from((await build('examples/hello/guest')).wasm))
    let guest = instantiate(module)
    let renewed = 0
    for (let call = 0; call < 1_000_000; call++) {
      if (guest.memory.buffer.byteLength >= 256 * page) {
        guest = instantiate(module)
        renewed++
      }
      if (call % 1000 === 0) assert.equal(guest.call(event), greeting)
      else assert.notEqual(guest.main(guest.put(event)), 0)
      guest.logs.length = 0
    }
    assert(renewed > 0 && renewed < 50, `${renewed} instances`)
  })

  for (const gc of ['minimal', 'incremental'] as const) {
    it(`stays where it is over a million JSON calls with gc '${gc}'`, async () => {
      const guest = instantiate((await build('examples/hello/guest', { gc })).wasm)
      const sizes: number[] = []
      for (let call = 0; call < 1_000_000; call++) {
        if (call % 1000 === 0) assert.equal(guest.call(event), greeting)
        else guest.main(guest.put(event))
        guest.logs.length = 0
        if (call % 250_000 === 1000) sizes.push(guest.memory.buffer.byteLength / page)
      }
      assert.equal(sizes[0], guest.memory.buffer.byteLength / page)
      assert(guest.memory.buffer.byteLength <= 3 * page, sizes.join())
    })

    it(`keeps a guest's state, and none of its garbage, with gc '${gc}'`, async () => {
      const guest = instantiate(
        await buildText(
          `
        import { config } from 'tenon/action'
        const seen = new Map<string, string[]>()
        @json class E { key: string = ''; tags: string[] = [] }
        @json class R { count: i32 = 0; last: string = '' }
        export function main(e: E): R {
          const before = config.get('prefix')
          const all: string[] = seen.has(e.key) ? seen.get(e.key) : []
          for (let i = 0; i < e.tags.length; i++) all.push((before ? before : '') + e.tags[i])
          while (all.length > 5) all.shift()
          seen.set(e.key, all)
          const r = new R()
          r.count = seen.size
          r.last = all.join(',')
          return r
        }`,
          { gc },
        ),
        { prefix: '>' },
      )
      let warm = 0
      for (let call = 0; call < 20_000; call++) {
        const expected = {
          count: Math.min(call + 1, 50),
          last: Array.from({ length: Math.min(5, Math.floor(call / 50) + 1) }, (_, back) => `>t${call - back * 50}`)
            .toReversed()
            .join(','),
        }
        assert.deepEqual(guest.json({ key: `k${call % 50}`, tags: [`t${call}`] }), expected)
        if (call === 5000) warm = guest.memory.buffer.byteLength
      }
      assert.equal(guest.memory.buffer.byteLength, warm)
      assert(warm <= 6 * page, `${warm / page} pages`)
    })
  }
})
