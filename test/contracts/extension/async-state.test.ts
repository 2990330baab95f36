import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  AsyncStateKind,
  StateKind,
  type AsyncStorage,
  type Intent,
  memoryStorage,
  type Row,
  type Storage,
} from 'mortise/extension'
import { rejection } from '../../support/wat.ts'
import { key } from './mock.ts'
import { plugAsync } from './waiting.ts'

const insert = (id: number, storage = 'sys.Record'): string => `
  (local.set $a ${key(storage, 'app.Order')})
  (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'ID' (i64.const ${id}))
  (local.set $b (call $hostNewValue (local.get $a)))
  (call $hostRowWriterPutInt64 (local.get $b) (i32.const 1) 'Amount' (i64.const ${id * 10}))`

/** Adds 10 to the amount of order 1, which is there or not. */
const addTen = `
  (local.set $a ${key('sys.Record', 'app.Order')})
  (call $hostRowWriterPutInt64 (local.get $a) (i32.const 0) 'ID' (i64.const 1))
  (local.set $b (call $hostQueryValue (local.get $a)))
  (if (i64.eq (local.get $b) (i64.const -1))
    (then (call $hostRowWriterPutInt64 (call $hostNewValue (local.get $a)) (i32.const 1) 'Amount' (i64.const 10)))
    (else (call $hostRowWriterPutInt64 (call $hostUpdateValue (local.get $a) (local.get $b)) (i32.const 1) 'Amount'
      (i64.add (i64.const 10) (call $hostValueAsInt64 (local.get $b) 'Amount')))))`

const orders = { 'app.Order': { key: { ID: 'RecordID' }, value: { Amount: 'int64' } } } as const

/** A storage in memory that takes its time for everything. */
function slow(storage: Storage): AsyncStorage {
  const later = async <T>(act: () => T): Promise<T> => {
    await new Promise(setImmediate)
    return act()
  }
  return {
    async: true,
    keyFields: (entity, context) => storage.keyFields?.(entity, context),
    insert: (one, context) => storage.insert?.(one, context),
    update: (one, row, context) => storage.update?.(one, row, context),
    get: (one, context) => later(() => storage.get?.(one, context)),
    async *read(one, context) {
      for (const row of storage.read?.(one, context) ?? []) yield await later(() => row)
    },
    validate: (intents, context) => later(() => storage.validate?.(intents, context)),
    apply: (intents, context) => later(() => storage.apply?.(intents, context)),
  }
}

describe('intents for storages that wait', () => {
  test('are applied all or none, storage by storage in the order of the kind', async () => {
    const log: string[] = []
    const failed = new Error('disk full')
    let failing = ''
    const step = (name: string): void => {
      log.push(name)
      if (failing === name) throw failed
    }
    const storage = (name: string): AsyncStorage => ({
      async: true,
      insert: () => undefined,
      validate: async (intents: readonly Intent[]) => step(`validate ${name} ${intents.length}`),
      apply: async () => {
        step(`apply ${name}`)
        return async () => step(`undo ${name}`)
      },
    })
    const atOnce: Storage = {
      insert: () => undefined,
      apply() {
        step('apply b')
        return () => step('undo b')
      },
    }
    const kind = new AsyncStateKind<undefined>({
      name: 'Test',
      storages: { 'sys.a': storage('a'), 'sys.b': atOnce, 'sys.c': storage('c') },
    })
    await using guest = await plugAsync({ all: insert(1, 'sys.c') + insert(2, 'sys.a') + insert(3, 'sys.b') })
    await (await guest.call('all', kind.open(undefined))).apply()
    const good = ['validate a 1', 'validate c 1', 'apply a', 'apply b', 'apply c']
    assert.deepEqual(log.splice(0), good)
    failing = 'apply c'
    const state = await guest.call('all', kind.open(undefined))
    assert.equal((await rejection('INTENTS_NOT_APPLIED', state.apply())).cause, failed)
    assert.deepEqual(log.splice(0), [...good, 'undo b', 'undo a'])
    assert.deepEqual(state.intents, [])
    failing = 'validate c 1'
    const second = await guest.call('all', kind.open(undefined))
    assert.equal((await rejection('INTENTS_NOT_APPLIED', second.validate())).cause, failed)
    assert.equal(second.intents.length, 3)
    second.clear()
    await second.apply()
    assert.deepEqual(log, ['validate a 1', 'validate c 1'])
  })

  test('are applied inside of the transaction of their kind, which may fail', async () => {
    const log: string[] = []
    const kind = new AsyncStateKind<string>({
      name: 'Test',
      storages: {
        'sys.a': {
          async: true,
          insert: () => undefined,
          async apply(intents, context) {
            log.push(`apply ${intents.length} ${context}`)
            return undefined
          },
        },
      },
      async transaction(apply, context) {
        log.push(`begin ${context}`)
        await apply()
        log.push('commit')
        if (context === 'w2') throw new Error('no connection')
      },
    })
    await using guest = await plugAsync({ one: insert(1, 'sys.a') })
    await (await guest.call('one', kind.open('w1'))).apply()
    assert.deepEqual(log.splice(0), ['begin w1', 'apply 1 w1', 'commit'])
    const state = await guest.call('one', kind.open('w2'))
    const { message } = await rejection('INTENTS_NOT_APPLIED', state.apply())
    assert.match(message, /the transaction failed: no connection/)
  })
})

describe('a bundle for storages that wait', () => {
  test('is what the next event reads, also while it is flushed', async () => {
    const records = memoryStorage(orders)
    const kind = new AsyncStateKind<undefined>({ name: 'AsyncActualizer', storages: { 'sys.Record': slow(records) } })
    const bundle = kind.bundle(2)
    await using guest = await plugAsync({ addTen })
    for (let run = 0; run < 2; run++) await (await guest.call('addTen', kind.open(undefined, bundle))).apply()
    assert.deepEqual([bundle.size, bundle.ready, records.rows('app.Order')], [1, false, []])
    const flush = bundle.flush()
    const during = (await guest.call('addTen', kind.open(undefined, bundle))).apply()
    await Promise.all([flush, during])
    assert.deepEqual(records.rows('app.Order'), [{ ID: 1n, Amount: 20n }])
    await bundle.flush()
    assert.deepEqual(records.rows('app.Order'), [{ ID: 1n, Amount: 30n }])
    assert.equal(bundle.size, 0)
  })

  test('is flushed before a read of what it holds', async () => {
    const records = memoryStorage(orders)
    const kind = new AsyncStateKind<undefined>({ name: 'AsyncActualizer', storages: { 'sys.Record': slow(records) } })
    const bundle = kind.bundle()
    const more = `(global $rows (mut i32) (i32.const 0))
      (func (export "WasmOnReadValue") (param i64 i64) (global.set $rows (i32.add (global.get $rows) (i32.const 1))))`
    await using guest = await plugAsync(
      {
        addTen,
        read: `(call $hostReadValues ${key('sys.Record', 'app.Order')})
          (if (i32.ne (global.get $rows) (i32.const 1)) (then (unreachable)))`,
      },
      { guest: { more } },
    )
    await (await guest.call('addTen', kind.open(undefined, bundle))).apply()
    await guest.call('read', kind.open(undefined, bundle))
    assert.deepEqual([bundle.size, records.rows('app.Order').length], [0, 1])
  })

  test('that cannot be written is empty afterwards, says why, and goes on', async () => {
    const full = new Error('disk full')
    const records = memoryStorage(orders)
    let broken = true
    const storage: AsyncStorage = {
      ...slow(records),
      async apply(intents) {
        if (broken) throw full
        return records.apply(intents, undefined)
      },
    }
    const kind = new AsyncStateKind<undefined>({ name: 'AsyncActualizer', storages: { 'sys.Record': storage } })
    const bundle = kind.bundle()
    await using guest = await plugAsync({ addTen })
    await (await guest.call('addTen', kind.open(undefined, bundle))).apply()
    assert.equal((await rejection('INTENTS_NOT_APPLIED', bundle.flush())).cause, full)
    assert.equal(bundle.size, 0)
    broken = false
    await (await guest.call('addTen', kind.open(undefined, bundle))).apply()
    await bundle.flush()
    assert.deepEqual(records.rows('app.Order'), [{ ID: 1n, Amount: 10n }])
  })
})

test('a storage that waits in a kind that does not is found out', async () => {
  const row = Promise.resolve({ x: 1 })
  // oxlint-disable-next-line no-unsafe-type-assertion -- what a caller without types can write
  const storage = { get: () => row, insert: () => undefined, apply: () => row } as unknown as Storage & { get(): Row }
  const kind = new StateKind<undefined>({ name: 'Test', storages: { 'sys.Record': storage } })
  await using guest = await plugAsync({
    get: `(drop (call $hostGetValue ${key('sys.Record')}))`,
    put: `(drop (call $hostNewValue ${key('sys.Record')}))`,
  })
  const { message } = await rejection('HOST_FUNCTION_FAILED', guest.call('get', kind.open(undefined)))
  assert.match(message, /it gave a promise where a row was asked for/)
  const state = await guest.call('put', kind.open(undefined))
  assert.throws(() => state.apply(), { code: 'INTENTS_NOT_APPLIED', message: /'async: true'/ })
})
