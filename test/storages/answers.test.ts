import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MortiseError } from 'mortise'
import { memoryStorage } from 'mortise/extension'
import { commandKind, type LogLine, queryKind, responseOf, resultOf, type Subject } from 'mortise/storages'
import { key, plugExtensions } from '../contracts/extension/mock.ts'
import { failure } from '../support/wat.ts'

const subject: Subject = { kind: 'user', name: 'ada', profile: 77n, token: '' }
const context = { workspace: 12n, wlogOffset: 345n, subject }

const order = `(local.set $a ${key('sys.Record', 'app.Order')})
  (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'ID' (i64.const 1))
  (drop (call $hostNewValue (local.get $a)))`

const respond = (status: number, message: string): string => `
  (local.set $b (call $hostNewValue ${key('sys.Response')}))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'StatusCode' (i32.const ${status}))
  (call $hostRowWriterPutString (local.get $b) (i32.const 1) 'ErrorMessage' '${message}')`

const result = (name: string, value: number): string => `
  (local.set $b (call $hostNewValue ${key('sys.Result')}))
  (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) '${name}' (i32.const ${value}))`

const log = (level: number, message: string): string => `
  (local.set $a ${key('sys.Logger')})
  (call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) 'LogLevel' (i32.const ${level}))
  (local.set $b (call $hostNewValue (local.get $a)))
  (call $hostRowWriterPutString (local.get $b) (i32.const 1) 'Message' '${message}')`

const orders = (): ReturnType<typeof memoryStorage> =>
  memoryStorage({ 'app.Order': { key: { ID: 'RecordID' }, value: { Amount: 'int64' } } })

describe('the response of a command', () => {
  test('with 200, or none, lets its intents be applied', async () => {
    await using guest = await plugExtensions({ none: order, ok: order + respond(200, 'fine') })
    for (const [hook, response] of [
      ['none', { status: 200, message: '' }],
      ['ok', { status: 200, message: 'fine' }],
    ] as const) {
      const record = orders()
      const state = guest.call(hook, commandKind({ store: { record } }).open(context))
      assert.deepEqual(responseOf(state), response)
      state.apply()
      assert.equal(record.rows('app.Order').length, 1)
    }
  })

  test('with any other status lets nothing be applied', async () => {
    const record = orders()
    await using guest = await plugExtensions({ no: order + respond(409, 'it is closed') })
    const state = guest.call('no', commandKind({ store: { record } }).open(context))
    assert.deepEqual(responseOf(state), { status: 409, message: 'it is closed' })
    const { cause } = failure('INTENTS_NOT_APPLIED', () => state.apply())
    assert.ok(MortiseError.is(cause, 'EXTENSION_RESPONSE'))
    assert.equal(cause.details.status, 409)
    assert.equal(cause.details.guest?.message, 'it is closed')
    assert.deepEqual(record.rows('app.Order'), [])
  })
})

describe('the result', () => {
  test('of a command is one object, to which each builder adds', async () => {
    const commands = commandKind({ store: {} })
    await using guest = await plugExtensions({ none: '', two: result('A', 1) + result('B', 2) + result('A', 3) })
    assert.equal(resultOf(guest.call('none', commands.open(context))), undefined)
    assert.deepEqual(resultOf(guest.call('two', commands.open(context))), { A: 3, B: 2 })
  })

  test('has the fields that its declaration says', async () => {
    const commands = commandKind({ store: {} })
    await using guest = await plugExtensions({ a: result('A', 1), b: result('B', 1) })
    const types = { result: { A: 'int32' } } as const
    assert.deepEqual(resultOf(guest.call('a', commands.open({ ...context, ...types }))), { A: 1 })
    const { message } = failure('EXTENSION_FIELD', () => guest.call('b', commands.open({ ...context, ...types })))
    assert.match(message, /undefined int32 field: B/)
  })

  test('of a query is rows, as many as it likes', async () => {
    const rows: unknown[] = []
    const queries = queryKind({ store: {}, intents: 2, log: () => {} })
    await using guest = await plugExtensions({
      many: `${log(3, 'begun')} (loop $more
        (local.set $b (call $hostNewValue ${key('sys.Result')}))
        (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'N' (local.get $n))
        (local.set $n (i32.add (local.get $n) (i32.const 1)))
        (br_if $more (i32.lt_s (local.get $n) (i32.const 1000))))
        ${respond(200, '')}`,
    })
    const state = queries.open({ workspace: 12n, subject, onRow: (row) => rows.push(row) })
    guest.call('many', state)
    assert.deepEqual(
      rows,
      Array.from({ length: 1000 }, (_, N) => ({ N })),
    )
    assert.equal(state.intents.length, 2)
    state.apply()
  })
})

describe('the log', () => {
  test('of a command is printed when it is applied, in its order, and never before', async () => {
    const lines: LogLine[] = []
    const commands = commandKind({ store: {}, log: (line) => void lines.push(line) })
    await using guest = await plugExtensions({
      all: [1, 2, 3, 4, 5, 0].map((level) => log(level, `line ${level}`)).join(' '),
      twice: log(3, 'same') + log(3, 'same'),
    })
    const state = guest.call('all', commands.open(context))
    assert.deepEqual(lines, [])
    state.apply()
    assert.deepEqual(
      lines.splice(0),
      ['error', 'warning', 'info', 'verbose', 'trace'].map((level, index) => ({ level, message: `line ${index + 1}` })),
    )
    guest.call('twice', commands.open(context)).apply()
    assert.deepEqual(
      lines.map(({ message }) => message),
      ['same', 'same'],
    )
  })

  test('has no other levels', async () => {
    const commands = commandKind({ store: {}, log: () => {} })
    await using guest = await plugExtensions({ six: log(6, ''), less: log(-1, '') })
    for (const hook of ['six', 'less'] as const) {
      const { message, details } = failure('EXTENSION_FIELD', () => guest.call(hook, commands.open(context)))
      assert.match(message, /Invalid log level: (6|-1)/)
      assert.equal(details.storage, 'sys.Logger')
    }
  })

  test('is not printed where another storage refuses the intents, and ends the apply where it cannot be', async () => {
    const lines: LogLine[] = []
    const record = orders()
    const refused = commandKind({ store: { record }, log: (line) => void lines.push(line) })
    await using guest = await plugExtensions({ both: log(3, 'hello') + order })
    guest.call('both', refused.open(context)).apply()
    assert.equal(lines.length, 1)
    failure('INTENTS_NOT_APPLIED', () => guest.call('both', refused.open(context)).apply())
    assert.equal(lines.length, 1)
    const broken = new Error('the disk is full')
    const failing = commandKind({
      store: { record: orders() },
      log() {
        throw broken
      },
    })
    const { cause } = failure('INTENTS_NOT_APPLIED', () => guest.call('both', failing.open(context)).apply())
    assert.equal(cause, broken)
  })
})
