import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Mortise } from 'mortise'
import { asyncExtensions, AsyncStateKind, type AsyncStorage, type Row, type Storage } from 'mortise/extension'
import { wasm } from 'mortise/wasm'
import { plugSource } from '../support/extension-plugin.ts'
import { buildText } from '../support/guest.ts'
import { failure, rejection } from '../support/wat.ts'

const collectors = ['none', 'minimal', 'incremental'] as const
const any: Storage = { insert: () => undefined }

describe('the memory of extensions', () => {
  const source = `
    import { keyBuilder, mustGet, newValue } from 'tenon/extension'
    let calls = 0
    let kept: string[] = []
    export function Leak(): void {
      newValue(keyBuilder('sys.R')).putInt32('before', 1)
      const text = mustGet(keyBuilder('sys.A')).asString('text')
      kept.push(text)
      newValue(keyBuilder('sys.R')).putInt32('length', text.length)
    }
    export function Drop(): void {
      newValue(keyBuilder('sys.R')).putInt32('length', mustGet(keyBuilder('sys.A')).asString('text').length)
    }
    export function Endless(): void {
      newValue(keyBuilder('sys.R')).putInt32('before', 1)
      for (;;) kept.push('x'.repeat(100_000))
    }
    export function Long(): void { mustGet(keyBuilder('sys.A')).asText('long') }
    export function Good(): void { newValue(keyBuilder('sys.R')).putInt32('n', 1) }`
  const storages = {
    'sys.A': { get: (): Row => ({ text: 'é'.repeat(100_000), long: 'x'.repeat(60_000_000) }) },
    'sys.R': any,
  }
  const names = ['Leak', 'Drop', 'Endless', 'Long', 'Good'] as const

  for (const gc of collectors) {
    it(`comes back where it fills up, and each caller has the intents of one run, with gc '${gc}'`, async () => {
      await using guest = await plugSource(source, names, storages, { gc, memory: '2 MiB' })
      for (const extension of ['Leak', 'Drop'] as const) {
        for (let call = 0; call < 40; call++) {
          const intents = guest.call(extension).intents.map(({ fields }) => Object.fromEntries(fields))
          const length = { length: 100_000 }
          assert.deepEqual(intents, extension === 'Leak' ? [{ before: 1 }, length] : [length])
        }
      }
      const { restores, errors } = guest.plugin.stats()
      assert.ok(restores >= 5, `${restores} restores`)
      assert.equal(errors, 0)
    })

    it(`has an end, known by the growth that was refused, with gc '${gc}'`, async () => {
      await using guest = await plugSource(source, names, storages, { gc, memory: '2 MiB' })
      for (let call = 0; call < 2; call++) {
        for (const extension of ['Endless', 'Long'] as const) {
          const { details } = failure('TRAP_OUT_OF_MEMORY', () => guest.call(extension))
          // What is larger than the memory may be is not even asked of the guest.
          assert.equal(details.guest?.message, extension === 'Long' ? undefined : 'runtime error: out of memory')
          assert.equal(guest.call('Good').intents.length, 1)
        }
      }
    })
  }
})

it('extensions are suspended while their storages wait, in callbacks of reads too', async () => {
  const rows: AsyncStorage = {
    async: true,
    get: async ({ fields }) => ({ n: Number(fields.get('n')) * 10 }),
    async *read() {
      for (let n = 1; n <= 3; n++) yield [{ n }, {}]
    },
    insert: () => undefined,
  }
  const guest = await buildText(`
    import { Key, KeyBuilder, Value, keyBuilder, mustGet, newValue, read, readWhile } from 'tenon/extension'
    let said = ''
    function tenTimes(n: i32): i32 {
      const key = keyBuilder('sys.Rows')
      key.putInt32('n', n)
      return mustGet(key).asInt32('n')
    }
    export function Nested(): void {
      said = ''
      read(keyBuilder('sys.Rows'), (outer: Key, value: Value) => {
        said += 'o' + tenTimes(outer.asInt32('n')).toString()
        readWhile(keyBuilder('sys.Rows'), (inner: Key, value: Value): bool => {
          said += 'i' + tenTimes(inner.asInt32('n')).toString()
          return inner.asInt32('n') < 2
        })
      })
      newValue(keyBuilder('sys.Rows')).putString('said', said)
    }`)
  await using host = new Mortise({ runtimes: [wasm({ deadline: '20 s' })] })
  const plugging = host.plug('guest', guest, asyncExtensions({ Nested: {} }))
  // Node 24 has no WebAssembly.Suspending, and says so.
  if (!('Suspending' in WebAssembly)) return void (await rejection('SUSPENSION_UNAVAILABLE', plugging))
  const { hooks } = await plugging
  const kind = new AsyncStateKind({ name: 'Waiting', storages: { 'sys.Rows': rows } })
  const states = Array.from({ length: 20 }, () => kind.open(undefined))
  await Promise.all(states.map((state) => hooks.Nested(state)))
  for (const { intents } of states) assert.equal(intents[0]?.fields.get('said'), 'o10i10i20o20i10i20o30i10i20')
})
