import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'
import { Client } from 'pg'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type ErrorCode, MortiseError } from 'mortise'
import type { FieldValue, Intent, Key } from 'mortise/extension'
import { schema } from 'mortise/storages'
import { openPostgres, type PostgresOptions, type PostgresStore } from 'mortise/storages/postgres'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { makeNamespace, query } from './tested-postgres.ts'

const types = schema({
  records: { 'app.User': { fields: { Email: 'string' }, uniques: [['Email']] } },
  views: { 'app.Rows': { partition: { P: 'int32' }, clustering: { C: 'int32' }, value: { Text: 'string' } } },
})
const here = { workspace: 1n }
const call = { signal: new AbortController().signal }

const keyOf = (fields: Readonly<Record<string, FieldValue>>): Key => ({
  storage: 'sys.View',
  entity: 'app.Rows',
  fields: new Map(Object.entries(fields)),
})
const row = (partition: number, cluster: number, text = 'x'): Intent => ({
  operation: 'insert',
  key: keyOf({ P: partition, C: cluster }),
  row: undefined,
  fields: new Map([['Text', text]]),
})
const apply = async (store: PostgresStore, ...intents: readonly Intent[]): Promise<void> => {
  await store.view.apply?.(intents, here)
}
const put = (store: PostgresStore, ...intents: readonly Intent[]): Promise<void> =>
  store.transaction(() => apply(store, ...intents))
async function count(store: PostgresStore, partition: number): Promise<number> {
  let rows = 0
  for await (const _ of store.view.read?.(keyOf({ P: partition }), here, call) ?? []) rows++
  return rows
}
const code =
  (wanted: ErrorCode, text = /./) =>
  (thrown: unknown) => {
    assert.ok(MortiseError.is(thrown, wanted) && text.test(thrown.message), String(thrown))
    return true
  }
const name = { pkg: 'app', entity: 'Done' }

describe('a store on PostgreSQL', () => {
  let running: PostgresServer | undefined
  let namespaces = 0
  before(async () => {
    running = await startPostgres()
  })
  const warnings: Error[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning)
  process.on('warning', onWarning)
  after(async () => {
    await running?.[Symbol.asyncDispose]()
    process.off('warning', onWarning)
    assert.deepEqual(warnings, [])
  })
  const server = (): PostgresServer => running ?? assert.fail('the server is not there')
  const place = async () => {
    const namespace = await makeNamespace(server(), `failures_${++namespaces}`)
    return {
      namespace,
      open: (options: Partial<PostgresOptions> = {}) =>
        openPostgres({ url: server().url(namespace), schema: types, connections: 4, ...options }),
    }
  }

  it('whose server is stopped says so, and goes on when it is there again', async () => {
    const { open } = await place()
    await using store = await open()
    await put(store, row(1, 1))
    const half = store.transaction(async () => {
      await apply(store, row(1, 2))
      await server().stop()
      await apply(store, row(1, 3))
    })
    await assert.rejects(half, code('STORE_UNAVAILABLE'))
    await assert.rejects(put(store, row(1, 4)), code('STORE_UNAVAILABLE'))
    await assert.rejects(count(store, 1), code('STORE_UNAVAILABLE'))
    await assert.rejects(open(), code('STORE_UNAVAILABLE'))
    await server().start()
    assert.equal(await count(store, 1), 1)
    await put(store, row(1, 5))
    assert.equal(await count(store, 1), 2)
  })

  it('whose connection is ended in a transaction keeps nothing of it', async () => {
    const { open, namespace } = await place()
    await using store = await open()
    await assert.rejects(
      store.transaction(async () => {
        await apply(store, row(1, 1))
        const found = await query(
          server(),
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%app.Rows%'`,
        )
        assert.equal(found.length, 1, namespace)
        await apply(store, row(1, 2))
      }),
      code('STORE_UNAVAILABLE'),
    )
    assert.equal(await count(store, 1), 0)
  })

  it('waits for the locks of others, and is refused when it takes too long', async () => {
    const { open, namespace } = await place()
    await using store = await open({ busyTimeout: '100 ms' })
    const other = new Client({ connectionString: server().url(namespace) })
    await other.connect()
    try {
      await other.query('BEGIN; LOCK TABLE "app.Rows" IN EXCLUSIVE MODE')
      await assert.rejects(put(store, row(1, 1)), code('STORE_BUSY'))
      assert.equal(await count(store, 1), 0)
    } finally {
      await other.end()
    }
    await put(store, row(1, 1))
    assert.equal(await count(store, 1), 1)
  })

  it('ends queries and transactions that take too long', async () => {
    const { open } = await place()
    await using store = await open({ queryTimeout: '100 ms' })
    await assert.rejects(
      store.transaction(async () => {
        await apply(store, row(1, 1))
        // Meanwhile the server ends the transaction that does nothing.
        await untilIdle(server())
        await apply(store, row(1, 2))
      }),
      code('STORE_BUSY'),
    )
    assert.equal(await count(store, 1), 0)
  })

  it('that can only be read says so', async () => {
    const { open, namespace } = await place()
    await using store = await open()
    await put(store, row(1, 1))
    const url = server().url(namespace).replace('search_path', 'default_transaction_read_only%3Don%20-c%20search_path')
    await assert.rejects(open({ url }), code('STORE_READ_ONLY'))
  })

  it('commits nothing where a query failed and nobody minded', async () => {
    const { open } = await place()
    await using store = await open()
    const user: Intent = {
      operation: 'insert',
      key: { storage: 'sys.Record', entity: 'app.User', fields: new Map() },
      row: undefined,
      fields: new Map([['Email', 'ann@example.com']]),
    }
    await assert.rejects(
      store.transaction(async () => {
        await apply(store, row(1, 1))
        await store.record.apply?.([user, user], here)?.catch(code('STORE_CONFLICT'))
      }),
      code('STORE_FAILED', /undone/),
    )
    assert.equal(await count(store, 1), 0)
  })

  it('runs transactions inside one after the other, and none after its end', async () => {
    const { open } = await place()
    await using store = await open()
    let late = Promise.resolve()
    const go = new EventTarget()
    await store.transaction(async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) =>
          store.transaction(async () => {
            await apply(store, row(1, index))
            if (index % 2 === 1) throw new Error('undo this')
          }),
        ),
      )
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, 10)
      late = once(go, 'go').then(() => apply(store, row(2, 1)))
    })
    go.dispatchEvent(new Event('go'))
    await assert.rejects(late, code('STORE_FAILED', /has ended/))
    assert.deepEqual([await count(store, 1), await count(store, 2)], [10, 0])
  })

  it('keeps what is written beside a transaction inside that is undone', async () => {
    const { open } = await place()
    await using store = await open()
    await store.transaction(async () => {
      const begun = Promise.withResolvers<void>()
      const written = Promise.withResolvers<void>()
      const inside = store.transaction(async () => {
        await apply(store, row(1, 1))
        begun.resolve()
        await written.promise
        throw new Error('undo this')
      })
      await begun.promise
      const beside = [apply(store, row(1, 2)), apply(store, row(1, 3))]
      written.resolve()
      await assert.rejects(inside, /undo this/)
      await Promise.all(beside)
      assert.equal(
        (
          await store.view.getBatch?.(
            [2, 3].map((C) => keyOf({ P: 1, C })),
            here,
            call,
          )
        )?.length,
        2,
      )
    })
    assert.equal(await count(store, 1), 2)
  })

  it('keeps nothing of a transaction that failed while other parts of it still wrote', async () => {
    const { open } = await place()
    await using store = await open({ connections: 2 })
    const rows = Array.from({ length: 50 }, (_, index) => row(1, index))
    for (let time = 0; time < 5; time++) {
      const writing = store.transaction(async () => {
        const parts = [apply(store, ...rows), apply(store, ...rows)]
        for (const part of parts) part.catch(() => {})
        await setImmediate()
        throw new Error('undo this')
      })
      await assert.rejects(writing, /undo this/)
      assert.equal(await count(store, 1), 0)
    }
  })

  it('is shared by processes: positions follow each other, and each event is projected once', async () => {
    const { open } = await place()
    await using one = await open({ busyTimeout: '30 s' })
    await using other = await open({ busyTimeout: '30 s' })
    const stores = [one, other]
    let projected = 0
    const follow = async (store: PostgresStore): Promise<void> => {
      for (let had = -1; had !== 0;) {
        had = await store.projector('count').run(async (events) => {
          const key = keyOf({ P: 9, C: 9 })
          const before = await store.view.get?.(key, here, call)
          const text = before === undefined ? '0' : String(Reflect.get(before, 'Text'))
          await apply(store, row(9, 9, String(Number(text) + events.length)))
        }, 3)
        projected += had
      }
    }
    const append = (store: PostgresStore, index: number): Promise<unknown> =>
      store.log.append({ ...here, name }, () => apply(store, row(1, index)))
    await Promise.all([
      ...Array.from({ length: 40 }, (_, index) => append(stores[index % 2] ?? one, index)),
      follow(one),
      follow(other),
    ])
    await Promise.all(stores.map(follow))
    const positions: bigint[] = []
    for await (const { position } of one.log.after()) positions.push(position)
    assert.deepEqual(
      positions,
      positions.map((_, index) => BigInt(index + 1)),
    )
    assert.deepEqual([positions.length, projected], [40, 40])
    assert.equal(Reflect.get((await one.view.get?.(keyOf({ P: 9, C: 9 }), here, call)) ?? {}, 'Text'), '40')
  })

  it('is opened by several processes at once', async () => {
    const { open } = await place()
    const stores = await Promise.all(Array.from({ length: 4 }, () => open()))
    await Promise.all(stores.map((store) => store.close()))
  })

  it('refuses texts that it cannot keep', async () => {
    const { open } = await place()
    await using store = await open()
    await assert.rejects(put(store, row(1, 1, 'a\0b')), code('EXTENSION_FIELD', /U\+0000/))
  })

  it('takes intents in transactions only', async () => {
    const { open } = await place()
    await using store = await open()
    await assert.rejects(apply(store, row(1, 1)), code('OPTION_INVALID', /'transaction'/))
  })

  it('is not used after it was closed', async () => {
    const { open } = await place()
    const store = await open()
    const grouped = store.group(() => apply(store, row(1, 1)))
    await store.close()
    await grouped
    await assert.rejects(count(store, 1), code('STORE_CLOSED'))
    await assert.rejects(put(store, row(1, 1)), code('STORE_CLOSED'))
    await assert.rejects(
      store.group(async () => 1),
      code('STORE_CLOSED'),
    )
    await using again = await open()
    assert.equal(await count(again, 1), 1)
  })

  it('runs each work of a group in the asynchronous context that it came from', async () => {
    const { open } = await place()
    await using store = await open()
    const contexts = new AsyncLocalStorage<number>()
    const work = (index: number) => async () => {
      await apply(store, row(1, index))
      return contexts.getStore()
    }
    const works = [1, 2, 3].map((index) => contexts.run(index, () => store.group(work(index))))
    assert.deepEqual(await Promise.all(works), [1, 2, 3])
    assert.equal(await count(store, 1), 3)
  })

  it('is closed once all has ended that was under way, or waited for a connection', async () => {
    const { open } = await place()
    const store = await open({ connections: 2 })
    const done = Array.from({ length: 6 }, (_, index) => put(store, row(1, index)))
    const read = count(store, 1)
    await store.close()
    await Promise.all([...done, read])
    await assert.rejects(count(store, 1), code('STORE_CLOSED'))
    await using again = await open()
    assert.equal(await count(again, 1), 6)
    await assert.rejects(
      again.transaction(() => again.close()),
      code('STORE_BUSY', /inside a transaction/),
    )
  })

  it('refuses options that it does not have, or that cannot be, and does not tell an address', async () => {
    const { open } = await place()
    // @ts-expect-error -- no such option
    await assert.rejects(open({ host: 'x' }), code('OPTION_UNKNOWN', /host/))
    for (const wrong of [{ url: 'mysql://me:secret@x' }, { connections: 1 }, { queryTimeout: 0 }] as const)
      await assert.rejects(
        open(wrong),
        (thrown) => code('OPTION_INVALID')(thrown) && !String(thrown).includes('secret'),
      )
    await assert.rejects(open({ url: 'postgres://me:secret@127.0.0.1:1/none' }), code('STORE_UNAVAILABLE'))
  })
})

/** Waits until no transaction is open that does nothing. */
async function untilIdle(server: PostgresServer): Promise<void> {
  for (;;) {
    const open = await query(server, `SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'`)
    if (open.length === 0) return
  }
}
