import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MortiseError } from 'mortise'
import {
  AsyncStateKind,
  type Intent,
  memoryStorage,
  type Row,
  type State,
  StateKind,
  type Storage,
} from 'mortise/extension'
import { failure } from '../../support/wat.ts'
import { key, plugExtensions } from './mock.ts'

/** Writes a field of a record of its own for each call: 1, then 2, and so on. */
const insert = (id: number, storage = 'sys.Record'): string => `
  (local.set $a ${key(storage, 'app.Order')})
  (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'ID' (i64.const ${id}))
  (local.set $b (call $hostNewValue (local.get $a)))
  (call $hostRowWriterPutInt64 (local.get $b) (i32.const 1) 'Amount' (i64.const ${id * 10}))`

const orders = { 'app.Order': { key: { ID: 'RecordID' }, value: { Amount: 'int64' } } } as const

const amounts = (intents: readonly Intent[]): string[] =>
  intents.map(({ fields }) => JSON.stringify(Number(fields.get('Amount'))))

describe('intents', () => {
  test('are limited, over all calls of a state: what is beyond fails, and leaves what was', async () => {
    const records = memoryStorage(orders)
    const kind = new StateKind({ name: 'CommandProcessor', storages: { 'sys.Record': records }, intents: 3 })
    await using guest = await plugExtensions({ two: insert(1) + insert(2), three: insert(3), four: insert(4) })
    const state = kind.open(undefined)
    guest.call('two', state)
    guest.call('three', state)
    const { message, details } = failure('INTENTS_LIMIT', () => guest.call('four', state))
    assert.match(
      message,
      /state CommandProcessor, key \{storage:sys\.Record, entity:app\.Order, ID:4\}: intents limit exceeded/,
    )
    assert.equal(details.limit, 3)
    assert.equal(state.intents.length, 3)
    state.apply()
    assert.deepEqual(
      records.rows('app.Order'),
      [1n, 2n, 3n].map((id) => ({ ID: id, Amount: id * 10n })),
    )
    assert.deepEqual(state.intents, [])
    guest.call('four', state)
    state.clear()
    state.apply()
    assert.equal(records.rows('app.Order').length, 3)
  })

  test('of a call that fails are gone', async () => {
    const kind = new StateKind({ name: 'Test', storages: { 'sys.Record': memoryStorage(orders) } })
    await using guest = await plugExtensions({ good: insert(1), bad: `${insert(2)} ${insert(3)} (unreachable)` })
    const state = kind.open(undefined)
    guest.call('good', state)
    failure('TRAP_UNREACHABLE', () => guest.call('bad', state))
    assert.deepEqual(
      state.intents.map((intent) => intent.fields.get('Amount')),
      [10n],
    )
  })

  test('are applied all or none, storage by storage in the order of the kind', async () => {
    const log: string[] = []
    const failed = new Error('disk full')
    let failing = ''
    const storage = (name: string): Storage => ({
      insert: () => undefined,
      validate(intents: readonly Intent[]) {
        log.push(`validate ${name} ${amounts(intents).join()}`)
        if (failing === `validate ${name}`) throw failed
      },
      apply(intents: readonly Intent[]) {
        log.push(`apply ${name} ${intents.length}`)
        if (failing === `apply ${name}`) throw failed
        return () => {
          log.push(`undo ${name}`)
          if (failing === `apply c undo ${name}`) throw new Error('lost')
        }
      },
    })
    const kind = new StateKind({
      name: 'Test',
      storages: { 'sys.a': storage('a'), 'sys.b': storage('b'), 'sys.c': storage('c') },
    })
    await using guest = await plugExtensions({
      all: insert(1, 'sys.c') + insert(2, 'sys.a') + insert(3, 'sys.b') + insert(4, 'sys.a'),
    })
    const attempt = (): State => {
      log.length = 0
      return guest.call('all', kind.open(undefined))
    }
    const validated = ['validate a 20,40', 'validate b 30', 'validate c 10']
    attempt().apply()
    assert.deepEqual(log, [...validated, 'apply a 2', 'apply b 1', 'apply c 1'])
    failing = 'validate c'
    const state = attempt()
    assert.equal(failure('INTENTS_NOT_APPLIED', () => state.validate()).cause, failed)
    assert.equal(state.intents.length, 4)
    assert.equal(failure('INTENTS_NOT_APPLIED', () => state.apply()).cause, failed)
    assert.deepEqual(state.intents, [])
    assert.deepEqual(log, [...validated, ...validated])
    failing = 'apply c'
    const second = attempt()
    assert.equal(failure('INTENTS_NOT_APPLIED', () => second.apply()).cause, failed)
    assert.deepEqual(log, [...validated, 'apply a 2', 'apply b 1', 'apply c 1', 'undo b', 'undo a'])
  })

  test('of which one cannot be undone end with both failures', async () => {
    const storage = (fails: boolean): Storage => ({
      insert: () => undefined,
      apply() {
        if (fails) throw new Error('disk full')
        return () => {
          throw new Error('lost')
        }
      },
    })
    const kind = new StateKind({ name: 'Test', storages: { 'sys.a': storage(false), 'sys.b': storage(true) } })
    await using guest = await plugExtensions({ both: insert(1, 'sys.a') + insert(2, 'sys.b') })
    const state = guest.call('both', kind.open(undefined))
    const { cause, message } = failure('INTENTS_NOT_APPLIED', () => state.apply())
    assert.match(message, /nor undo those that were applied: lost/)
    assert.ok(cause instanceof AggregateError && cause.errors.length === 2)
  })

  test('are applied inside of the transaction of their kind, with its context', async () => {
    const log: string[] = []
    const kind = new StateKind<string>({
      name: 'Test',
      storages: {
        'sys.a': {
          insert: () => undefined,
          apply(intents, context) {
            log.push(`apply ${intents.length} ${context}`)
            return undefined
          },
        },
      },
      transaction(apply, context) {
        log.push(`begin ${context}`)
        apply()
        log.push('commit')
      },
    })
    await using guest = await plugExtensions({ one: insert(1, 'sys.a') })
    guest.call('one', kind.open('w1')).apply()
    assert.deepEqual(log, ['begin w1', 'apply 1 w1', 'commit'])
  })

  test('of fields that the storage does not have, or on what is not there, are refused', async () => {
    const records = memoryStorage(orders)
    const kind = new StateKind({ name: 'Test', storages: { 'sys.Record': records } })
    await using guest = await plugExtensions({
      field: `${insert(1)} (call $hostRowWriterPutInt32 (local.get $b) (i32.const 1) 'Amount' (i32.const 1))`,
      keyField: `(call $hostRowWriterPutString ${key('sys.Record', 'app.Order')} (i32.const 0) 'Name' 'x')`,
      noKey: `(drop (call $hostQueryValue ${key('sys.Record', 'app.Order')}))`,
      entity: `(drop (call $hostQueryValue ${key('sys.Record', 'app.Other')}))`,
      one: insert(1),
    })
    const state = kind.open(undefined)
    const { message, details } = failure('EXTENSION_FIELD', () => guest.call('field', state))
    assert.match(message, /undefined int32 field: Amount/)
    assert.equal(details.key, 'storage:sys.Record, entity:app.Order, ID:1')
    assert.match(
      failure('EXTENSION_FIELD', () => guest.call('keyField', state)).message,
      /undefined string field: Name/,
    )
    assert.match(failure('HOST_FUNCTION_FAILED', () => guest.call('noKey', state)).message, /the key has no field ID/)
    assert.match(
      failure('HOST_FUNCTION_FAILED', () => guest.call('entity', state)).message,
      /there is no entity 'app.Other'/,
    )
    guest.call('one', state).apply()
    guest.call('one', state)
    assert.match(failure('INTENTS_NOT_APPLIED', () => state.apply()).message, /is there already/)
    assert.equal(records.rows('app.Order').length, 1)
  })
})

test('a kind of state gives a storage for some operations, and says which it does not have', async () => {
  const kind = new StateKind({
    name: 'QueryProcessor',
    storages: { 'sys.Record': memoryStorage(orders) },
    operations: { 'sys.Record': ['getBatch'] },
  })
  await using guest = await plugExtensions({
    get: `(local.set $a ${key('sys.Record', 'app.Order')})
      (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'ID' (i64.const 1))
      (if (i64.ne (call $hostQueryValue (local.get $a)) (i64.const -1)) (then (unreachable)))`,
    write: insert(1),
  })
  guest.call('get', kind.open(undefined))
  assert.match(
    failure('EXTENSION_STORAGE', () => guest.call('write', kind.open(undefined))).message,
    /state QueryProcessor, storage sys\.Record: insert not supported by storage/,
  )
})

test('what is wrong with a kind of state is said when it is made', () => {
  const storages = { 'sys.Record': memoryStorage(orders) }
  failure('OPTION_INVALID', () => new StateKind({ name: '', storages }))
  failure('OPTION_INVALID', () => new StateKind({ name: 'x', storages: { Record: {} } }))
  failure('OPTION_INVALID', () => new StateKind({ name: 'x', storages, intents: -1 }))
  failure('OPTION_UNKNOWN', () => new StateKind({ name: 'x', storages, operations: { 'sys.View': ['get'] } }))
  failure('OPTION_INVALID', () => new StateKind({ name: 'x', storages }).bundle(0))
  failure('OPTION_INVALID', () => new StateKind({ name: 'x', storages, packages: { a: 'same', b: 'same' } }))
})

test('what no type checker has seen is refused by its name', () => {
  const made = (options: object): MortiseError =>
    failure('OPTION_INVALID', () => Reflect.construct(StateKind, [{ name: 'x', storages: {}, ...options }]))
  for (const storages of [undefined, null, [], 5]) assert.match(made({ storages }).message, /storages/)
  for (const one of [undefined, null, 5, 'text']) assert.match(made({ storages: { 'a.b': one } }).message, /a\.b/)
  assert.match(made({ storages: { 'a.b': { get: 5 } } }).message, /get/)
  for (const operations of [5, { 'a.b': 5 }, { 'a.b': ['fetch'] }])
    assert.match(made({ storages: { 'a.b': {} }, operations }).message, /operations/)
  for (const packages of [5, [], { a: 5 }, { a: '' }]) assert.match(made({ packages }).message, /packages/)
})

test('a state takes bundles of its own kind only: another one would not apply its intents', () => {
  const storages = { 'sys.Record': memoryStorage(orders) }
  const kind = new StateKind({ name: 'One', storages })
  const other = new StateKind({ name: 'Two', storages })
  assert.doesNotThrow(() => kind.open(undefined, kind.bundle()))
  assert.match(failure('OPTION_INVALID', () => kind.open(undefined, other.bundle())).message, /bundle.*One/)
  failure('OPTION_INVALID', () => Reflect.apply(StateKind.prototype.open.bind(kind), undefined, [undefined, {}]))
  const waiting = new AsyncStateKind({ name: 'Three', storages })
  assert.doesNotThrow(() => waiting.open(undefined, waiting.bundle()))
  failure('OPTION_INVALID', () => waiting.open(undefined, new AsyncStateKind({ name: 'Four', storages }).bundle()))
})

/** The reference's basic usage: an order with two items, and a view of what was ordered on a day. */
const event: Row = {
  ArgumentObject: {
    Year: 2023,
    Month: 1,
    Day: 1,
    Items: [
      { Quantity: 1, SinglePrice: 100n },
      { Quantity: 2, SinglePrice: 50n },
    ],
  },
}
const view = {
  'app.OrderedItems': {
    key: { Year: 'int32', Month: 'int32', Day: 'int32' },
    value: { Amount: 'int64' },
  },
} as const

const basicUsage = {
  /** Sums the items up, and gives up where there is nothing to pay. */
  NewOrder: `(if (i64.le_s (call $sum) (i64.const 0)) (then (call $panic 'panic: negative order amount')))`,
  CalcOrderedItems: `(local $order i64)
    (local.set $order (call $order))
    (local.set $a ${key('sys.View', 'example.com/app.OrderedItems')})
    ${['Year', 'Month', 'Day']
      .map(
        (part) =>
          `(call $hostRowWriterPutInt32 (local.get $a) (i32.const 0) '${part}' (call $hostValueAsInt32 (local.get $order) '${part}'))`,
      )
      .join('\n')}
    (local.set $b (call $hostQueryValue (local.get $a)))
    (if (i64.eq (local.get $b) (i64.const -1))
      (then (call $hostRowWriterPutInt64 (call $hostNewValue (local.get $a)) (i32.const 1) 'Amount' (call $sum)))
      (else (call $hostRowWriterPutInt64 (call $hostUpdateValue (local.get $a) (local.get $b)) (i32.const 1) 'Amount'
        (i64.add (call $sum) (call $hostValueAsInt64 (local.get $b) 'Amount')))))`,
  read: `(call $hostReadValues ${key('sys.View', 'example.com/app.OrderedItems')})`,
}
const basicLibrary = `
  (func (export "WasmOnReadValue") (param $k i64) (param $v i64)
    (if (i64.ne (call $hostValueAsInt64 (local.get $v) 'Amount') (i64.const 400)) (then (unreachable))))
  (func $order (result i64)
    (call $hostValueAsValue (call $hostGetValue ${key('sys.Event')}) 'ArgumentObject'))
  (func $sum (result i64) (local $items i64) (local $item i64) (local $n i32) (local $sum i64)
    (local.set $items (call $hostValueAsValue (call $order) 'Items'))
    (block $done (loop $next
      (br_if $done (i32.ge_s (local.get $n) (call $hostValueLength (local.get $items))))
      (local.set $item (call $hostValueGetAsValue (local.get $items) (local.get $n)))
      (local.set $sum (i64.add (local.get $sum) (i64.mul (i64.extend_i32_s (call $hostValueAsInt32 (local.get $item) 'Quantity'))
        (call $hostValueAsInt64 (local.get $item) 'SinglePrice'))))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br $next)))
    (local.get $sum))`

describe('a bundle', () => {
  const projector = (views: Storage): StateKind<Row> =>
    new StateKind<Row>({
      name: 'AsyncActualizer',
      packages: { app: 'example.com/app' },
      storages: { 'sys.Event': { get: (_key, row) => row }, 'sys.View': views },
      intents: 5,
    })

  test('is what the next event reads, and is written once: 200, then 400 (Test_BasicUsage, Test_WithState)', async () => {
    const views = memoryStorage(view)
    const kind = projector(views)
    const bundle = kind.bundle(5)
    await using guest = await plugExtensions(basicUsage, { guest: { more: basicLibrary } })
    guest.call('NewOrder', kind.open(event))
    for (let run = 0; run < 2; run++) {
      guest.call('CalcOrderedItems', kind.open(event, bundle)).apply()
      assert.deepEqual([bundle.size, bundle.ready, views.rows('app.OrderedItems').length], [1, false, 0])
    }
    bundle.flush()
    assert.deepEqual(views.rows('app.OrderedItems'), [{ Year: 2023, Month: 1, Day: 1, Amount: 400n }])
    assert.equal(bundle.size, 0)
    const { calls, errors, restores } = guest.plugin.stats()
    assert.deepEqual({ calls, errors, restores }, { calls: 3, errors: 0, restores: 0 })
    const refund = { ArgumentObject: { Items: [{ Quantity: -1, SinglePrice: 100n }] } }
    const error = failure('GUEST_ABORT', () => guest.call('NewOrder', kind.open(refund)))
    assert.equal(error.details.guest?.message, 'negative order amount')
  })

  test('is flushed before a read of what it holds, and is ready when it is full', async () => {
    const views = memoryStorage(view)
    const kind = projector(views)
    const bundle = kind.bundle(1)
    await using guest = await plugExtensions(basicUsage, { guest: { more: basicLibrary } })
    for (let run = 0; run < 2; run++) guest.call('CalcOrderedItems', kind.open(event, bundle)).apply()
    assert.ok(bundle.ready)
    guest.call('read', kind.open(event, bundle))
    assert.deepEqual([bundle.size, views.rows('app.OrderedItems').length], [0, 1])
    for (let run = 0; run < 2; run++) guest.call('CalcOrderedItems', kind.open(event, bundle)).apply()
    bundle.flush()
    assert.equal(views.rows('app.OrderedItems')[0]?.['Amount'], 800n)
  })

  test('that cannot be written is empty afterwards, and says why', async () => {
    const full = new Error('disk full')
    const kind = projector({
      ...memoryStorage(view),
      apply() {
        throw full
      },
    })
    const bundle = kind.bundle()
    await using guest = await plugExtensions(basicUsage, { guest: { more: basicLibrary } })
    guest.call('CalcOrderedItems', kind.open(event, bundle)).apply()
    assert.equal(failure('INTENTS_NOT_APPLIED', () => bundle.flush()).cause, full)
    assert.equal(bundle.size, 0)
    guest.call('CalcOrderedItems', kind.open(event, bundle)).apply()
    const error = failure('HOST_FUNCTION_FAILED', () => guest.call('read', kind.open(event, bundle)))
    assert.ok(MortiseError.is(error.cause, 'INTENTS_NOT_APPLIED'))
  })
})
