import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { WasmOptions } from 'mortise/wasm'
import { benchContract, plugBench, type PluggedBench, type Unit, wat } from '../support/wat.ts'
import { offsets, pages, storeExport, storeNames, trackedGuest } from './tracked-guest.ts'

const guest = wat(trackedGuest.text)
const size = pages * 65_536

/** Changes the guest inside a call. A trap ends the one change and not the call: what it marked and wrote is still there. */
type Change = (unit: Unit) => void

function invoke({ exports }: Unit, name: string, ...args: readonly number[]): unknown {
  const exported = exports[name]
  assert(typeof exported === 'function', name)
  return Reflect.apply(exported, undefined, args)
}

/** The bytes themselves, read behind the back of what keeps track. */
function bytesOf({ exports }: Unit): Uint8Array {
  assert(exports['memory'] instanceof WebAssembly.Memory)
  return new Uint8Array(exports['memory'].buffer)
}

/** Everything that can be seen of the guest. */
function observe(plugged: Pick<PluggedBench, 'use'>): unknown {
  return plugged.use((unit) => {
    const { exports } = unit
    const memory = bytesOf(unit)
    assert(exports['table'] instanceof WebAssembly.Table)
    const table = exports['table']
    const entries = Array.from({ length: table.length }, (_, index) => {
      const entry: unknown = table.get(index)
      return typeof entry === 'function' ? entry.name : entry
    })
    const beyond = memory.subarray(size).findIndex((byte) => byte !== 0)
    const second = Array.from({ length: 8192 }, (_, index) => invoke(unit, 'second', index * 8))
    return {
      memory: Buffer.from(memory.subarray(0, size)).toString('latin1'),
      beyond,
      size: invoke(unit, 'size'),
      state: invoke(unit, 'state'),
      entries,
      second: second.join(),
    }
  })
}

/** Addresses where something could go wrong: around the borders of tracked pages, of the memory, of 31 and 32 bits. */
const address = fc.oneof(
  fc.integer({ min: 0, max: size - 1 }),
  fc
    .tuple(fc.integer({ min: 0, max: size / 4096 }), fc.integer({ min: -17, max: 17 }))
    .map(([page, near]) => page * 4096 + near),
  fc.integer({ min: size - 40, max: size + 40 }),
  fc.integer({ min: size, max: size + 7 * 65_536 }),
  fc.integer({ min: -40, max: 40 }),
  fc.integer({ min: 2 ** 31 - 40, max: 2 ** 31 + 40 }),
  fc.nat(2 ** 32 - 1),
)
const number = fc.integer()
const length = fc.oneof(fc.nat(20), fc.nat(9000), fc.nat(2 ** 20), fc.constant(-1), fc.integer())

const store = fc
  .record({
    name: fc.constantFrom(...storeNames),
    offset: fc.constantFrom(...offsets),
    address,
    number,
    aligned: fc.boolean(),
  })
  .map((wanted): [string, Change] => {
    // Atomic stores trap at addresses that are not aligned.
    const at = wanted.aligned ? wanted.address - (((wanted.address % 8) + 8) % 8) : wanted.address
    const name = storeExport(wanted.name, wanted.offset)
    return [`${name} at ${at}`, (unit) => void invoke(unit, name, (at - wanted.offset) | 0, wanted.number)]
  })

const others = [
  'fill',
  'copy',
  'copy in',
  'copy out',
  'init',
  'grow',
  'globals',
  'tset',
  'tfill',
  'tcopy',
  'tinit',
  'tgrow',
  'random',
  'clock',
  'args',
  'stat',
]
const other = fc
  .record({
    name: fc.constantFrom(...others),
    first: fc.oneof(address, fc.nat(8)),
    second: fc.oneof(address, length, fc.nat(8)),
    third: length,
  })
  .map(({ name, first, second, third }): [string, Change] => [
    `${name}(${first}, ${second}, ${third})`,
    (unit) => void invoke(unit, name, first | 0, second | 0, third | 0),
  ])

const text = fc.string({ unit: 'binary', maxLength: 5000 })
const byHost = fc
  .record({ how: fc.constantFrom('utf8', 'utf16', 'bytes', 'all', 'view'), address, text })
  .map(({ how, address: at, text: written }): [string, Change] => [
    `${how} at ${at}`,
    ({ memory }) => {
      if (how === 'utf8') memory.writeUtf8(at, written.length * 3, written)
      else if (how === 'utf16') memory.writeUtf16(at, written)
      else if (how === 'bytes') memory.writeBytes(at, Buffer.from(written))
      else if (how === 'all') memory.bytes().fill(written.length, Math.max(at, 0), Math.max(at, 0) + written.length)
      else memory.view().setBigInt64(at, 0x7777_7777_7777_7777n)
    },
  ])

const lease = fc.array(fc.oneof({ weight: 6, arbitrary: store }, { weight: 3, arbitrary: other }, byHost), {
  maxLength: 12,
})
const named = fc.array(lease, { minLength: 1, maxLength: 3 })

function change(plugged: Pick<PluggedBench, 'use'>, changes: readonly (readonly [string, Change])[]): void {
  plugged.use((unit) => {
    for (const [, run] of changes) {
      try {
        run(unit)
      } catch (error) {
        assert(error instanceof Error && !(error instanceof assert.AssertionError))
      }
    }
  })
}

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
        fc.property(named, (leases) => {
          for (const changes of leases) change(plugged, changes)
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
