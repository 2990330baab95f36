import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GuestFault } from '../../src/fault.ts'
import { assemblyscript, assemblyscriptTypes } from '../../src/wasm/assemblyscript.ts'
import { Aborted, Exited, FakeHost, setUp, size } from './fake-assemblyscript-host.ts'
import { call, plausible, refusesToThrowOnItsOwn } from './imports.ts'

describe('AssemblyScript functions under hostile arguments', () => {
  test('a string outside the memory is a fault of the guest', () => {
    const { host, run } = setUp()
    host.string(100, 'fine')
    for (const pointer of [1, 3, -1, size + 1, size, 2 ** 31 - 1]) {
      host.view().setUint32(size - 4, 2, true)
      assert.throws(() => run('console.log', pointer), { code: 'GUEST_POINTER' })
    }
    host.view().setUint32(size - 4, 0, true)
    run('console.log', size)
    assert.deepEqual(host.lines, ['info '])
  })

  for (const [name, type] of Object.entries(assemblyscriptTypes)) {
    test(`${name} fails only as a fault of the guest`, () => {
      refusesToThrowOnItsOwn({
        type,
        make(seed) {
          const host = new FakeHost()
          host.bytes().set(plausible(seed, size, 100_000))
          return {
            run: (args) => call(assemblyscript(host), name, args),
            check: (result) => assert.ok(result === undefined || typeof result === 'number'),
            after: () => {},
          }
        },
        expected: (thrown) => thrown instanceof GuestFault || thrown instanceof Aborted || thrown instanceof Exited,
      })
    })
  }
})
