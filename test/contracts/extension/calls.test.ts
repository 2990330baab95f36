import assert from 'node:assert/strict'
import { test } from 'node:test'
import { abi, extensionGuest } from '../../support/extension-guest.ts'

test('placeholder', async () => {
  assert.equal(Object.keys(abi).length, 44)
  const { extensions, StateKind } = await import('mortise/extension')
  const { Mortise } = await import('mortise')
  const { wasm } = await import('mortise/wasm')
  const kind = new StateKind({
    name: 'Test',
    storages: { 'sys.Test': { get: () => ({ text: 'hello' }), insert: () => undefined } },
  })
  await using host = new Mortise({ runtimes: [wasm()] })
  const guest = extensionGuest({
    one: `
    (local.set $a (call $hostGetValue (call $hostGetKey 'sys.Test' (i32.const 0) (i32.const 0))))
    (local.set $a (call $hostValueAsString (local.get $a) 'text'))
    (local.set $b (call $hostNewValue (call $hostGetKey 'sys.Test' (i32.const 0) (i32.const 0))))
    (call $hostRowWriterPutString (local.get $b) (i32.const 1) 'copy' (call $pointer (local.get $a)) (call $length (local.get $a)))
    `,
  })
  const plugin = await host.plug('x', guest, extensions({ one: {} }))
  const state = kind.open(undefined)
  plugin.hooks.one(state)
  assert.deepEqual(
    state.intents.map(({ fields, operation }) => [operation, ...fields]),
    [['insert', ['copy', 'hello']]],
  )
})
