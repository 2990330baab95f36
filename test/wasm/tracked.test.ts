import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { WasmOptions } from 'mortise/wasm'
import { benchContract, plugBench, type PluggedBench, wat } from '../support/wat.ts'
import { invoke, leases, size } from './tracked-changes.ts'
import { bytesOf, change, observe } from './tracked.ts'
import { offsets, pages, storeExport, storeNames, trackedGuest } from './tracked-guest.ts'

const guest = wat(trackedGuest.text)

const kinds: Readonly<Record<string, WasmOptions>> = {
  alone: { deadline: Infinity },
  'with a deadline': { deadline: '1 min' },
  'with a deadline and fuel': { deadline: '1 min', fuel: 1e12 },
}

describe("restore: 'every-lease'", () => {
  for (const [kind, options] of Object.entries(kinds)) {
    const plug = (): Promise<PluggedBench> => plugBench(guest, { wasm: { ...options, restore: 'every-lease' } })

    it(`${kind}: the next lease finds the guest as it was, byte for byte, whatever wrote where`, async () => {
      await using plugged = await plug()
      const first = observe(plugged)
      fc.assert(
        fc.property(leases, (several) => {
          for (const changes of several) change(plugged, changes)
          assert.deepEqual(observe(plugged), first)
        }),
        { numRuns: 400 },
      )
      await using fresh = await plug()
      assert.deepEqual(observe(fresh), first)
    })

    it(`${kind}: every store with every offset is put back, at every place of a page`, async () => {
      await using plugged = await plug()
      const before = plugged.use((unit) => bytesOf(unit).slice())
      let changed = 0
      for (const name of storeNames) {
        for (const offset of offsets) {
          let stored = false
          // Each in a lease of its own, where no other store marks what it should.
          for (const place of [0, 4, 8176, 8177, 8184, 8185, 8188, 8191, 8192, size - 16, size - 8, size - 1]) {
            plugged.use((unit) => {
              assert.equal(Buffer.compare(bytesOf(unit), before), 0, `the one before ${name} ${offset} ${place}`)
              try {
                invoke(unit, storeExport(name, offset), (place - offset) | 0, 0x5aa5_1234)
              } catch (error) {
                assert(error instanceof WebAssembly.RuntimeError)
              }
              stored ||= Buffer.compare(bytesOf(unit), before) !== 0
            })
          }
          if (stored) changed++
        }
      }
      // An offset of 2 GiB and more is always outside a memory as small as this: those stores trap.
      assert.equal(changed, storeNames.length * offsets.filter((offset) => offset < size).length)
    })

    it(`${kind}: marks of stores outside the memory never hurt what is saved`, async () => {
      await using plugged = await plug()
      const first = observe(plugged)
      for (let lap = 0; lap < 3; lap++) {
        plugged.use((unit) => {
          for (let at = size + lap; at < 2 ** 32; at += 3 * 2 ** 16 + 4096) {
            assert.throws(() => invoke(unit, storeExport('i64.store', 0), at | 0, -1), WebAssembly.RuntimeError)
          }
          for (const offset of offsets) {
            assert.throws(() => invoke(unit, storeExport('v128.store', offset), -1, -1), WebAssembly.RuntimeError)
          }
          invoke(unit, 'fill', 0, 0xee, size)
        })
        assert.deepEqual(observe(plugged), first)
      }
    })

    it(`${kind}: what was written into grown memory is gone when the guest grows again`, async () => {
      await using plugged = await plug()
      for (let grown = 1; grown <= 7; grown++) {
        plugged.use((unit) => {
          invoke(unit, 'grow', grown)
          assert.equal(invoke(unit, 'size'), pages + grown)
          const memory = bytesOf(unit).subarray(size, size + grown * 65_536)
          assert.equal(
            memory.findIndex((byte) => byte !== 0),
            -1,
          )
          invoke(unit, 'fill', size - 100, 0xee, grown * 65_536 + 100)
          invoke(unit, storeExport('v128.store', 1), size + grown * 65_536 - 17, 0x1111_1111)
        })
        assert.equal(plugged.call('size'), pages)
      }
    })
  }

  it('leases of two plugins of one module do not meet', async () => {
    await using one = await plugBench(guest, { wasm: { restore: 'every-lease' } })
    const other = await one.host.plug('other', guest, benchContract())
    const first = observe(one)
    other.hooks.use((unit) => {
      invoke(unit, 'fill', 0, 1, size)
      one.use((inner) => void invoke(inner, 'fill', 0, 2, size))
      assert.deepEqual(observe(one), first)
      assert.equal(bytesOf(unit)[size - 1], 1)
    })
    assert.deepEqual(observe(one), first)
  })
})
