import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ErrorCode, MortiseError } from 'mortise'
import { failure } from '../../support/wat.ts'
import { ioError, key, mock, type Plugged, plugExtensions } from './mock.ts'

const bad = '(i64.const 123)'
const field = "'x'"

/** The reference engine's rows: what the guest does, the words that the error has to have, and the code here. */
const rows: Readonly<Record<string, readonly [code: string, words: string, error: ErrorCode]>> = {
  incorrectStorageQname: [`(drop ${key('foo', 'test.entity')})`, 'convert error: string «foo»', 'EXTENSION_NAME'],
  incorrectEntityQname: [`(drop ${key('sys.SendMail', 'abc')})`, 'convert error: string «abc»', 'EXTENSION_NAME'],
  undefinedPackage: [
    `(drop ${key('sys.View', 'github.com/company/pkg.x')})`,
    'undefined package: github.com/company/pkg',
    'EXTENSION_NAME',
  ],
  unknownStorage: [`(drop ${key('sys.Nothing')})`, 'sys.Nothing: unknown storage', 'EXTENSION_STORAGE'],
  unsupportedStorage: [
    `(drop (call $hostQueryValue ${key('sys.Unsupported')}))`,
    'unsupported storage',
    'HOST_FUNCTION_FAILED',
  ],
  unsupportedRead: [
    `(call $hostReadValues ${key('sys.Event')})`,
    'state Mock, storage sys.Event: read not supported by storage',
    'EXTENSION_STORAGE',
  ],
  unsupportedInsert: [
    `(drop (call $hostNewValue ${key('sys.Event')}))`,
    'state Mock, storage sys.Event: insert not supported by storage',
    'EXTENSION_STORAGE',
  ],
  incorrectKeyBuilder: [
    `(call $hostRowWriterPutInt32 ${bad} (i32.const 0) ${field} (i32.const 1))`,
    'incorrect key builder',
    'EXTENSION_HANDLE',
  ],
  canExistIncorrectKey: [`(drop (call $hostQueryValue ${bad}))`, 'incorrect key builder', 'EXTENSION_HANDLE'],
  mustExistIncorrectKey: [`(drop (call $hostGetValue ${bad}))`, 'incorrect key builder', 'EXTENSION_HANDLE'],
  readIncorrectKeyBuilder: [`(call $hostReadValues ${bad})`, 'incorrect key builder', 'EXTENSION_HANDLE'],
  incorrectKeyBuilderOnNewValue: [`(drop (call $hostNewValue ${bad}))`, 'incorrect key builder', 'EXTENSION_HANDLE'],
  incorrectKeyBuilderOnUpdateValue: [
    `(drop (call $hostUpdateValue ${bad} (i64.const 0)))`,
    'incorrect key builder',
    'EXTENSION_HANDLE',
  ],
  incorrectKey: [`(drop (call $hostKeyAsInt32 ${bad} ${field}))`, 'incorrect key', 'EXTENSION_HANDLE'],
  incorrectValue: [`(drop (call $hostValueAsInt32 ${bad} ${field}))`, 'incorrect value', 'EXTENSION_HANDLE'],
  incorrectValue2: [`(drop (call $hostValueGetAsInt32 ${bad} (i32.const 0)))`, 'incorrect value', 'EXTENSION_HANDLE'],
  incorrectValue3: [`(drop (call $hostValueLength ${bad}))`, 'incorrect value', 'EXTENSION_HANDLE'],
  incorrectValueOnUpdateValue: [
    `(drop (call $hostUpdateValue ${key('sys.Event')} ${bad}))`,
    'incorrect value',
    'EXTENSION_HANDLE',
  ],
  readPanic: [
    `(global.set $mode (i32.const 1)) (call $hostReadValues ${key('sys.Test')})`,
    'incorrect value',
    'EXTENSION_HANDLE',
  ],
  mustExist: [
    `(drop (call $hostGetValue ${key('sys.Record')}))`,
    'state Mock, key {storage:sys.Record}: not exists',
    'EXTENSION_ABSENT',
  ],
  incorrectIntentId: [
    `(call $hostRowWriterPutInt32 ${bad} (i32.const 1) ${field} (i32.const 1))`,
    'incorrect intent',
    'EXTENSION_HANDLE',
  ],
  readError: [`(call $hostReadValues ${key('sys.IoErrorStorage')})`, 'test i/o error', 'HOST_FUNCTION_FAILED'],
  getError: [`(drop (call $hostGetValue ${key('sys.IoErrorStorage')}))`, 'test i/o error', 'HOST_FUNCTION_FAILED'],
  queryError: [`(drop (call $hostQueryValue ${key('sys.IoErrorStorage')}))`, 'test i/o error', 'HOST_FUNCTION_FAILED'],
  newValueError: [`(drop (call $hostNewValue ${key('sys.IoErrorStorage')}))`, 'test i/o error', 'HOST_FUNCTION_FAILED'],
  updateValueError: [
    `(local.set $a (call $hostGetValue ${key('sys.Event')}))
     (drop (call $hostUpdateValue ${key('sys.IoErrorStorage')} (local.get $a)))`,
    'test i/o error',
    'HOST_FUNCTION_FAILED',
  ],
  asStringMemoryOverflow: [
    `(local.set $a (call $hostGetValue ${key('sys.Test')}))
     (loop (drop (call $malloc (i32.const 60000))) (drop (call $hostValueAsString (local.get $a) 'big')) (br 0))`,
    'memory',
    'TRAP_OUT_OF_MEMORY',
  ],
  wrongField: [
    `(drop (call $hostValueAsString (call $hostGetValue ${key('sys.Event')}) 'wrong'))`,
    'undefined string field: wrong',
    'EXTENSION_FIELD',
  ],
  wrongType: [
    `(drop (call $hostValueAsInt32 (call $hostGetValue ${key('sys.Event')}) 'qname'))`,
    'undefined int32 field: qname',
    'EXTENSION_FIELD',
  ],
  inheritedField: [
    `(drop (call $hostValueAsValue (call $hostGetValue ${key('sys.Event')}) '__proto__'))`,
    'undefined value field: __proto__',
    'EXTENSION_FIELD',
  ],
  notAnArray: [
    `(drop (call $hostValueLength (call $hostGetValue ${key('sys.Event')})))`,
    'current value is not an array',
    'EXTENSION_FIELD',
  ],
  elementOfNoArray: [
    `(drop (call $hostValueGetAsValue (call $hostGetValue ${key('sys.Event')}) (i32.const 0)))`,
    'field by index is not an object or array',
    'EXTENSION_FIELD',
  ],
  outOfBounds: [
    `(drop (call $hostValueGetAsInt32 (call $hostGetValue ${key('sys.Test3')}) (i32.const 4)))`,
    'index out of bounds: 4',
    'EXTENSION_FIELD',
  ],
  negativeHandle: [`(drop (call $hostValueLength (i64.const -1)))`, 'incorrect value: -1', 'EXTENSION_HANDLE'],
  wideHandle: [
    `(drop ${key('sys.Event')}) (drop (call $hostGetValue (i64.const 0x100000000)))`,
    'incorrect key builder',
    'EXTENSION_HANDLE',
  ],
  textOutside: [
    `(drop (call $hostGetKey (i32.const -8) (i32.const 100) (i32.const 0) (i32.const 0)))`,
    'not in its memory',
    'GUEST_POINTER',
  ],
  textNoUtf8: [
    `(i32.store8 (i32.const 64) (i32.const 255)) (drop (call $hostGetKey (i32.const 64) (i32.const 1) (i32.const 0) (i32.const 0)))`,
    'not valid UTF-8',
    'GUEST_STRING',
  ],
  bytes100MiB: [
    `(call $hostRowWriterPutBytes ${key('sys.Event')} (i32.const 0) ${field} (i32.const 0) (i32.const 104857600))`,
    'not in its memory',
    'GUEST_POINTER',
  ],
  negativeLength: [
    `(call $hostRowWriterPutString ${key('sys.Event')} (i32.const 0) ${field} (i32.const 0) (i32.const -1))`,
    'not in its memory',
    'GUEST_POINTER',
  ],
}

const code: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(rows).map(([row, [body]]) => [row, body])),
  good: `(drop (call $hostNewValue ${key('sys.SendMail')}))`,
}
const callback = `
  (global $mode (mut i32) (i32.const 0))
  (func (export "WasmOnReadValue") (param i64 i64)
    (if (global.get $mode) (then (drop (call $hostValueAsInt32 (i64.const 123) 'x')))))`

describe('a guest that fails', () => {
  let guest: Plugged<string>
  before(async () => {
    guest = await plugExtensions(code, { guest: { more: callback }, wasm: { memory: '2 MiB' } })
  })
  after(async () => guest[Symbol.asyncDispose]())

  for (const [row, [, words, error]] of Object.entries(rows)) {
    test(`${row}: ${words}`, () => {
      const state = mock.open(undefined)
      const caught = failure(error, () => guest.call(row, state))
      assert.ok(caught.message.includes(words), caught.message)
      assert.equal(caught.details.hook, row)
      // V8 keeps ten frames, some of them the host's own: in a callback, it is what called that which is cut off.
      const innermost = row === 'readPanic' ? 'WasmOnReadValue' : row
      assert.ok(
        (caught.details.frames ?? []).some((frame) => frame.function === innermost),
        JSON.stringify(caught.details),
      )
      assert.deepEqual(state.intents, [])
      if (words.includes('i/o')) assert.equal(caught.cause, ioError)
      assert.equal(guest.call('good').intents.length, 1)
    })
  }

  test('says which storage, key and field it was', () => {
    const { details } = failure('EXTENSION_FIELD', () => guest.call('wrongField'))
    assert.deepEqual([details.storage, details.key, details.field], ['sys.Event', 'storage:sys.Event', 'wrong'])
    const absent = failure('EXTENSION_ABSENT', () => guest.call('mustExist')).details
    assert.deepEqual([absent.storage, absent.key], ['sys.Record', 'storage:sys.Record'])
  })

  test('is called on what is no state: INPUT_INVALID', () => {
    for (const nonsense of [undefined, null, {}, 1, { intents: [] }]) {
      assert.throws(
        () => Reflect.apply(guest.plugin.hooks['good'] ?? assert.fail, undefined, [nonsense]),
        (thrown) => MortiseError.is(thrown, 'INPUT_INVALID'),
      )
    }
  })
})
