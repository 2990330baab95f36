import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { wasiTypes } from '../../src/wasm/wasi/types.ts'
import { wasi } from '../../src/wasm/wasi/wasi.ts'
import { Exited, FakeWasiHost, setUp, size } from './fake-wasi-host.ts'
import { call, plausible, refusesToThrowOnItsOwn } from './imports.ts'

const [success, inval] = [0, 28]

describe('WASI under hostile arguments', () => {
  for (const [name, type] of Object.entries(wasiTypes)) {
    test(`${name} answers an errno, whatever it is called with`, () => {
      refusesToThrowOnItsOwn({
        type,
        make(seed) {
          const host = new FakeWasiHost(size)
          host.bytes().set(plausible(seed, size, 4096))
          return {
            run: (args) => call(wasi(host), name, args),
            check(result) {
              assert.ok(
                typeof result === 'number' && Number.isInteger(result) && result >= 0 && result <= 76,
                String(result),
              )
            },
            after: () => assert.ok(host.marginsIntact(), 'nothing was written outside the memory'),
          }
        },
        expected: (thrown) => thrown instanceof Exited,
      })
    })
  }

  test('poll_oneoff stands any subscription', () => {
    const bytes = fc.uint8Array({ minLength: 48 * 4, maxLength: 48 * 4 })
    fc.assert(
      fc.property(bytes, fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 4, maxLength: 4 }), (content, tags) => {
        const { host, run } = setUp()
        host.bytes().set(content)
        for (const [index, tag] of tags.entries()) host.bytes()[index * 48 + 8] = tag
        const result = run('poll_oneoff', 0, 1000, 4, 2000)
        assert.ok(result === success || result === inval)
        if (result === success) assert.ok(host.u32(2000) >= 1 && host.u32(2000) <= 4)
        assert.ok(host.marginsIntact())
      }),
    )
  })
})
