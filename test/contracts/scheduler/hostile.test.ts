import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { MortiseError } from 'mortise'
import { functions, guest, plugged, Texts } from '../../support/scheduler-guest.ts'
import { failure } from '../../support/wat.ts'

const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

const texts = new Texts(4096)
texts.put(
  '["a","b"]{"a":1,"b":-2}{"Reason":"because","regardingReference":{"Name":"x"}}null\0\0one\0uid-1\0äöü\u{1f600}',
)
const bytes = texts.put(Uint8Array.from({ length: 64 }, (_, index) => 255 - index))

const number = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 4090, max: 4300 }),
  fc.constantFrom(-1, 65_535, 65_536, 2 ** 31 - 1, -(2 ** 31), 65_528),
)
const call = fc.constantFrom(...functions).chain(([, name, params, results]) =>
  fc.array(number, { minLength: params, maxLength: params }).map((args) => {
    const text = `(call $${name.split('.').at(-1)} ${args.map((arg) => `(i32.const ${arg})`).join(' ')})`
    return results === 0 ? text : `(drop ${text})`
  }),
)

it('whatever a guest asks for, its call ends by a result or an error with a code, and the next attempt goes on', async () => {
  const known = new Set(['GUEST_POINTER', 'GUEST_RESULT', 'LEASE_FAILED', 'OUTPUT_LIMIT'])
  const property = fc.asyncProperty(fc.array(call, { maxLength: 12 }), fc.boolean(), async (calls, strict) => {
    const body = `(if (i32.eqz (i32.load (i32.const 65532))) (then ${calls.join('\n')})) (i32.const 0)`
    await using all = await plugged(guest({ filter: body, prefilter: body, bind: '(i32.const 5)' }, texts.data), {
      strict,
    })
    await all.attempt((hooks) => {
      for (const run of [() => hooks.preFilter(), () => hooks.filter('a')]) {
        try {
          run()
        } catch (error) {
          assert(MortiseError.is(error) && known.has(error.code), String(error))
        }
      }
    })
    assert.equal((await all.attempt((hooks) => hooks.bind('a'))).code, 5)
  })
  await fc.assert(property, { seed, numRuns: 60 })
})

it('what a guest hands over has an end: its size, and the number of its events', async () => {
  const large = `(drop (memory.grow (i32.const 127))) (call $status_reason (i32.const 0) (i32.const 4194305)) (i32.const 0)`
  const event = new Texts()
  const many = `(loop $again (call $eventf ${event.put('{}')}) (br $again)) (i32.const 0)`
  await using all = await plugged(guest({ filter: large, bind: many }, event.data))
  assert.equal(
    (await all.attempt((hooks) => failure('GUEST_RESULT', () => hooks.filter('a')))).details.asked,
    4_194_305,
  )
  assert.equal((await all.attempt((hooks) => failure('GUEST_RESULT', () => hooks.bind('a')))).details.limit, 1000)
  assert(bytes.length > 0)
})
