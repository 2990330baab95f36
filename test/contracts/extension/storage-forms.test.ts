import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type Key, RowReader, StateKind, type Storage } from 'mortise/extension'
import { schema } from 'mortise/storages'
import { openSqlite } from 'mortise/storages/sqlite'
import { failure } from '../../support/wat.ts'
import { key, plugExtensions } from './mock.ts'

/** Inserts a line of a log, which is the same each time. */
const line = `
  (local.set $a ${key('sys.Log')}) (local.set $b (call $hostNewValue (local.get $a)))
  (call $hostRowWriterPutString (local.get $b) (i32.const 1) 'Message' 'hello')`

/** Inserts a row that is taken at once: its number, which is `$n`. */
const row = `
  (local.set $a (call $hostNewValue ${key('sys.Result')}))
  (call $hostRowWriterPutInt32 (local.get $a) (i32.const 1) 'N' (local.get $n))`

/** Inserts such rows without end, or so many. */
const rows = (count: number, each = ''): string => `(loop $more ${row} ${each}
  (local.set $n (i32.add (local.get $n) (i32.const 1)))
  (br_if $more (i32.lt_s (local.get $n) (i32.const ${count}))))`

/** A storage that takes at once what is inserted. */
function emitting(): { readonly storage: Storage; readonly taken: unknown[] } {
  const taken: unknown[] = []
  const storage: Storage = {
    insert: () => ({ N: 'int32' }),
    emit({ fields }) {
      if (fields.get('N') === 13) throw new Error('no luck')
      taken.push(fields.get('N'))
    },
  }
  return { storage, taken }
}

describe('a storage that appends', () => {
  const log = (appends: boolean): [Storage, string[]] => {
    const lines: string[] = []
    const apply: Storage['apply'] = (intents) => {
      for (const { fields } of intents) lines.push(JSON.stringify(fields.get('Message')))
      return undefined
    }
    return [{ appends, get: () => undefined, insert: () => undefined, apply }, lines]
  }

  for (const appends of [true, false]) {
    test(appends ? 'has each insert in a bundle' : 'and one that does not, the last for a key', async () => {
      const [storage, lines] = log(appends)
      const kind = new StateKind({ name: 'Test', storages: { 'sys.Log': storage } })
      await using guest = await plugExtensions({ two: line + line })
      const bundle = kind.bundle()
      guest.call('two', kind.open(undefined, bundle)).apply()
      guest.call('two', kind.open(undefined, bundle)).apply()
      bundle.flush()
      assert.deepEqual(lines, appends ? Array.from({ length: 4 }, () => '"hello"') : ['"hello"'])
    })
  }
})

describe('a storage that takes inserts at once', () => {
  test('gets any number of them by one handle, which are no intents', async () => {
    const { storage, taken } = emitting()
    const kind = new StateKind({ name: 'Query', storages: { 'sys.Result': storage, 'sys.Log': {} }, intents: 0 })
    const state = kind.open(undefined)
    await using guest = await plugExtensions(
      { many: `${rows(12)} (local.set $n (i32.const 14)) ${rows(5000)}` },
      { limits: { handles: 20_000, written: 200 } },
    )
    guest.call('many', state)
    assert.deepEqual(
      taken,
      Array.from({ length: 5000 }, (_, index) => index).filter((index) => index < 12 || index > 13),
    )
    assert.deepEqual(state.intents, [])
  })

  test('says no to one: the call fails', async () => {
    const { storage, taken } = emitting()
    const kind = new StateKind({ name: 'Query', storages: { 'sys.Result': storage } })
    await using guest = await plugExtensions({ last: `(local.set $n (i32.const 13)) ${row}`, first: rows(3) })
    const { cause, details } = failure('HOST_FUNCTION_FAILED', () => guest.call('last', kind.open(undefined)))
    assert.match(String(cause), /no luck/)
    assert.equal(details.storage, 'sys.Result')
    guest.call('first', kind.open(undefined))
    assert.deepEqual(taken, [0, 1, 2])
  })

  test('does not get the last one of a call that fails', async () => {
    const { storage, taken } = emitting()
    const kind = new StateKind({ name: 'Query', storages: { 'sys.Result': storage } })
    await using guest = await plugExtensions({ fails: `${rows(3)} (unreachable)` })
    failure('TRAP_UNREACHABLE', () => guest.call('fails', kind.open(undefined)))
    assert.deepEqual(taken, [0, 1])
  })

  test('gets none twice: a call that runs out of memory after the first is not run once more', async () => {
    const { storage, taken } = emitting()
    const kind = new StateKind({ name: 'Query', storages: { 'sys.Result': storage } })
    const leak = `(drop (call $malloc (i32.const 900000)))`
    await using guest = await plugExtensions(
      { once: `${rows(3)} ${leak}`, leaks: leak },
      { wasm: { memory: '2 MiB', restore: 'on-error' } },
    )
    guest.call('leaks', kind.open(undefined))
    const state = kind.open(undefined)
    guest.call('once', state)
    assert.deepEqual(taken.splice(0), [0, 1, 2])
    const { message } = failure('TRAP_OUT_OF_MEMORY', () => guest.call('once', state))
    assert.match(message, /not run once more/)
    assert.deepEqual(taken.splice(0), [0, 1])
    guest.call('once', state)
    assert.deepEqual(taken, [0, 1, 2])
  })
})

describe('a field of a key that takes several texts', () => {
  const put = (value: string): string =>
    `(call $hostRowWriterPutString (local.get $a) (i32.const 0) 'Header' '${value}')`
  const keys: Key[] = []
  const kind = new StateKind({
    name: 'Test',
    storages: { 'sys.Web': { keyFields: () => ({ Header: 'string[]' }), get: (one) => void keys.push(one) } },
  })
  const query = `(drop (call $hostQueryValue (local.get $a)))`

  test('is a list of them, which no later one changes', async () => {
    await using guest = await plugExtensions({
      ask: `(local.set $a ${key('sys.Web')}) ${put('A: 1')} ${put('B: 2')} ${query} ${put('C: 3')} ${query}`,
    })
    guest.call('ask', kind.open(undefined))
    assert.deepEqual(
      keys.map(({ fields }) => fields.get('Header')),
      [
        ['A: 1', 'B: 2'],
        ['A: 1', 'B: 2', 'C: 3'],
      ],
    )
  })

  test('has a limit', async () => {
    await using guest = await plugExtensions({
      ask: `(local.set $a ${key('sys.Web')}) (loop $more ${put('x')} (br $more))`,
    })
    const { details } = failure('EXTENSION_FIELD', () => guest.call('ask', kind.open(undefined)))
    assert.deepEqual([details.field, details.limit], ['Header', 1000])
  })
})

test('errors do not show passwords and tokens', async () => {
  const kind = new StateKind({ name: 'Test', storages: { 'sys.Mail': { get: () => undefined } } })
  await using guest = await plugExtensions({
    ask: `(local.set $a ${key('sys.Mail')})
      (call $hostRowWriterPutString (local.get $a) (i32.const 0) 'Host' 'example.com')
      (call $hostRowWriterPutString (local.get $a) (i32.const 0) 'Password' 'quite secret')
      (drop (call $hostGetValue (local.get $a)))`,
  })
  const { message, details } = failure('EXTENSION_ABSENT', () => guest.call('ask', kind.open(undefined)))
  assert.equal(details.key, 'storage:sys.Mail, Host:example.com, Password:…')
  assert.doesNotMatch(message, /quite secret/)
})

describe('a storage that gives what is no row', () => {
  test('is named, with the key and the field that it was asked for', async () => {
    const broken = new Error('the reader broke')
    const reading = (): never => {
      throw broken
    }
    const one = `(drop (call $hostValueAsInt32 (call $hostGetValue ${key('sys.Odd')}) 'n'))`
    await using guest = await plugExtensions({ one })
    for (const row of [
      new RowReader(reading),
      {
        get n() {
          return reading()
        },
      },
    ]) {
      const kind = new StateKind({ name: 'Test', storages: { 'sys.Odd': { get: () => row } } })
      const { cause, details } = failure('HOST_FUNCTION_FAILED', () => guest.call('one', kind.open(undefined)))
      assert.equal(cause, broken)
      assert.deepEqual([details.storage, details.key], ['sys.Odd', 'storage:sys.Odd'])
    }
  })

  test('is named where a read gives it', async () => {
    const more = '(func (export "WasmOnReadValue") (param i64 i64))'
    await using guest = await plugExtensions({ all: `(call $hostReadValues ${key('sys.Odd')})` }, { guest: { more } })
    for (const rows of [[5], [null], [[{}]], [[{}, null]], [['key', {}]]]) {
      const storage: Storage = {}
      const kind = new StateKind({
        name: 'Test',
        storages: { 'sys.Odd': Object.assign(storage, { read: () => rows }) },
      })
      const { details, message } = failure('HOST_FUNCTION_FAILED', () => guest.call('all', kind.open(undefined)))
      assert.equal(details.storage, 'sys.Odd')
      assert.match(message, /the key and the value of a row/)
    }
  })

  test('is refused where it is a promise, whatever becomes of that', async () => {
    const late = async (): Promise<never> => {
      throw new Error('this would end the process')
    }
    const storage: Storage = { insert: () => undefined }
    Object.assign(storage, { get: late, apply: late })
    const kind = new StateKind({ name: 'Test', storages: { 'sys.Odd': storage } })
    await using guest = await plugExtensions({
      get: `(drop (call $hostGetValue ${key('sys.Odd')}))`,
      insert: `(drop (call $hostNewValue ${key('sys.Odd')}))`,
    })
    failure('HOST_FUNCTION_FAILED', () => guest.call('get', kind.open(undefined)))
    failure('INTENTS_NOT_APPLIED', () => guest.call('insert', kind.open(undefined)).apply())
    using store = openSqlite({ file: ':memory:', schema: schema({}) })
    failure('INPUT_INVALID', () => store.transaction(late))
    await setTimeout(1)
  })
})
