import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Unit } from '../support/wat.ts'
import { offsets, pages, storeExport, storeNames } from './tracked-guest.ts'

/** Bytes of the guest's memory at its checkpoint. */
export const size: number = pages * 65_536

/** Changes the guest inside a call. A trap ends the one change and not the call: what it marked and wrote is still there. */
export type Change = (unit: Unit) => void

/** Calls what the guest exports. */
export function invoke({ exports }: Unit, name: string, ...args: readonly number[]): unknown {
  const exported = exports[name]
  assert(typeof exported === 'function', name)
  return Reflect.apply(exported, undefined, args)
}

/** Addresses where something could go wrong: around the borders of tracked pages, of the memory, of 31 and 32 bits. */
const address = fc.oneof(
  fc.integer({ min: 0, max: size - 1 }),
  fc
    .tuple(fc.integer({ min: 0, max: size / 1024 }), fc.integer({ min: -17, max: 17 }))
    .map(([page, near]) => page * 1024 + near),
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
/** What happens in some leases, one after the other, with names for a report. */
export const leases: fc.Arbitrary<readonly (readonly (readonly [string, Change])[])[]> = fc.array(lease, {
  minLength: 1,
  maxLength: 3,
})
