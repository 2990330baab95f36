import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { type ErrorCode, MortiseError } from 'mortise'
import type { FieldValue, Intent } from 'mortise/extension'
import { schema } from 'mortise/storages'
import { openSqlite, type SqliteOptions, type SqliteStore } from 'mortise/storages/sqlite'

const types = schema({
  views: { 'app.Rows': { partition: { P: 'int32' }, clustering: { C: 'int32' }, value: { Bytes: 'bytes' } } },
})
const here = { workspace: 1n }
const page = new Uint8Array(4096)

const row = (partition: number, cluster: number, bytes: FieldValue = page): Intent => ({
  operation: 'insert',
  key: {
    storage: 'sys.View',
    entity: 'app.Rows',
    fields: new Map([
      ['P', partition],
      ['C', cluster],
    ]),
  },
  row: undefined,
  fields: new Map([['Bytes', bytes]]),
})
const put = (store: SqliteStore, ...intents: readonly Intent[]): void =>
  store.transaction(() => {
    store.view.apply?.(intents, here)
  })
const count = (store: SqliteStore, partition: number): number =>
  [...(store.view.read?.(keyOf(partition), here) ?? [])].length
const keyOf = (partition: number) => ({ storage: 'sys.View', entity: 'app.Rows', fields: new Map([['P', partition]]) })
const code =
  (wanted: ErrorCode, text = /./) =>
  (thrown: unknown) =>
    MortiseError.is(thrown, wanted) && text.test(thrown.message)

async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'mortise-sqlite-'))
  const file = join(folder, 'store.db')
  return {
    file,
    open: (options: Partial<SqliteOptions> = {}) => openSqlite({ file, schema: types, ...options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

describe('a store on SQLite', () => {
  it('that is full refuses what does not fit, keeps nothing of it, and works on', async () => {
    await using at = await place()
    using store = at.open({ maxSize: '1 MiB' })
    put(store, row(1, 1))
    const many = Array.from({ length: 1000 }, (_, index) => row(2, index))
    assert.throws(() => put(store, ...many), code('STORE_FULL', /maxSize/))
    assert.deepEqual([count(store, 1), count(store, 2)], [1, 0])
    put(store, row(3, 1))
    const works = [[row(4, 1)], many, [row(5, 1)]].map((intents) => store.group(() => put(store, ...intents)))
    const outcomes = await Promise.allSettled(works)
    assert.ok(outcomes.some(({ status }) => status === 'rejected'))
    for (const [index, { status }] of outcomes.entries())
      assert.equal(count(store, [4, 2, 5][index] ?? 0), status === 'fulfilled' ? 1 : 0)
    assert.ok((await stat(at.file)).size <= 2 ** 20)
  })

  it('that is opened to be read only is read, and refuses to be written', async () => {
    await using at = await place()
    {
      using store = at.open()
      put(store, row(1, 1))
    }
    using store = at.open({ readOnly: true })
    assert.equal(count(store, 1), 1)
    assert.throws(() => put(store, row(1, 2)), code('STORE_READ_ONLY'))
    assert.equal(count(store, 1), 1)
    const grown = schema({ views: { 'app.Other': { partition: { P: 'int32' } } } })
    assert.throws(() => at.open({ readOnly: true, schema: grown }), code('STORE_SCHEMA', /app\.Other/))
  })

  it('that another process writes to is waited for, and refused when it takes too long', async () => {
    await using at = await place()
    using store = at.open({ busyTimeout: '50 ms' })
    const holder: ChildProcess = fork(join(import.meta.dirname, 'lock-holder.ts'), [at.file], {
      execArgv: ['-C', 'source'],
    })
    try {
      await once(holder, 'message')
      assert.throws(() => put(store, row(1, 1)), code('STORE_BUSY', /busyTimeout/))
      await assert.rejects(
        store.group(() => put(store, row(1, 1))),
        code('STORE_BUSY'),
      )
      assert.equal(count(store, 1), 0)
      assert.throws(() => at.open({ busyTimeout: 50, schema: schema({}) }), code('STORE_BUSY'))
      using patient = at.open.bind(undefined, { readOnly: true })()
      assert.equal(count(patient, 1), 0)
    } finally {
      holder.disconnect()
      await once(holder, 'exit')
    }
    put(store, row(1, 1))
    assert.equal(count(store, 1), 1)
  })

  it('that is damaged, or none, is refused', async () => {
    await using at = await place()
    await writeFile(at.file, 'this is no database, but a text of more than a hundred bytes. '.repeat(4))
    assert.throws(() => at.open(), code('STORE_CORRUPT'))
    await rm(at.file)
    {
      using store = at.open()
      put(store, ...Array.from({ length: 200 }, (_, index) => row(1, index)))
    }
    const damaged = `${at.file}-damaged`
    await copyFile(at.file, damaged)
    const file = await open(damaged, 'r+')
    const { size } = await file.stat()
    await file.write(new Uint8Array(size - 8 * 4096).fill(0xa5), 0, size - 8 * 4096, 8 * 4096)
    await file.close()
    using store = openSqlite({ file: damaged, schema: types })
    assert.throws(() => count(store, 1), code('STORE_CORRUPT'))
  })

  it('whose log is damaged says so', async () => {
    await using at = await place()
    {
      using store = at.open()
      store.log.append({ workspace: 1n, name: { pkg: 'app', entity: 'Done' } })
    }
    using database = new DatabaseSync(at.file)
    for (const event of ['{', '[]', '{"cuds":{"$int64":"x"}}']) {
      database.prepare('UPDATE "sys.log" SET event = ?').run(event)
      using store = at.open()
      assert.throws(() => [...store.log.after()], code('STORE_CORRUPT'))
    }
  })

  it('that cannot be opened says where it was looked for', async () => {
    await using at = await place()
    const file = join(at.file, 'no', 'folder')
    assert.throws(() => openSqlite({ file, schema: types }), code('STORE_UNAVAILABLE', /no.folder/))
    assert.throws(() => at.open({ readOnly: true }), code('STORE_UNAVAILABLE'))
  })

  it('that was written by a later version is refused', async () => {
    await using at = await place()
    at.open().close()
    using database = new DatabaseSync(at.file)
    database.exec(`UPDATE "sys.store" SET value = '{"version":2,"types":{}}'`)
    assert.throws(() => at.open(), code('STORE_SCHEMA', /another version/))
  })

  it('is not used after it was closed, and not closed inside its own transaction', async () => {
    await using at = await place()
    const store = at.open()
    assert.throws(() => store.transaction(() => store.close()), code('STORE_BUSY'))
    const grouped = store.group(() => put(store, row(1, 1)))
    store.close()
    await grouped
    assert.throws(() => count(store, 1), code('STORE_CLOSED'))
    assert.throws(() => put(store, row(1, 1)), code('STORE_CLOSED'))
    await assert.rejects(
      store.group(() => 1),
      code('STORE_CLOSED'),
    )
    using again = at.open()
    assert.equal(count(again, 1), 1)
  })

  it('takes intents in transactions only, which do not wait for promises', async () => {
    await using at = await place()
    using store = at.open()
    assert.throws(() => store.view.apply?.([row(1, 1)], here), code('OPTION_INVALID', /'transaction'/))
    assert.throws(
      () =>
        store.transaction(async () => {
          store.view.apply?.([row(1, 1)], here)
        }),
      code('INPUT_INVALID', /asynchronous/),
    )
    assert.equal(count(store, 1), 0)
  })

  it('writes no more in a transaction that SQLite has undone by itself', async () => {
    await using at = await place()
    using store = at.open()
    using database = new DatabaseSync(at.file)
    database.exec(
      `CREATE TRIGGER unlucky BEFORE INSERT ON "app.Rows" WHEN new.C = 13 BEGIN SELECT RAISE(ROLLBACK, 'unlucky'); END`,
    )
    const goingOn = (then: () => void) => () =>
      store.transaction(() => {
        put(store, row(1, 1))
        assert.throws(() => store.view.apply?.([row(1, 13)], here), code('STORE_FAILED', /unlucky/))
        then()
      })
    const undone = code('STORE_FAILED', /was undone/)
    assert.throws(
      goingOn(() => store.view.apply?.([row(1, 2)], here)),
      undone,
    )
    assert.throws(
      goingOn(() => put(store, row(1, 2))),
      undone,
    )
    assert.throws(
      goingOn(() => {}),
      undone,
    )
    const works = [1, 13, 3].map((cluster) => store.group(() => put(store, row(2, cluster))))
    const outcomes = await Promise.allSettled(works)
    assert.deepEqual(new Set(outcomes.map(({ status }) => status)), new Set(['rejected']))
    assert.deepEqual([count(store, 1), count(store, 2)], [0, 0])
    put(store, row(3, 1))
    assert.equal(count(store, 3), 1)
  })

  it('refuses options that it does not have, or that cannot be', async () => {
    await using at = await place()
    // @ts-expect-error -- no such option
    assert.throws(() => at.open({ filename: 'x' }), code('OPTION_UNKNOWN', /filename/))
    for (const wrong of [{ file: '' }, { groupSize: 0 }, { busyTimeout: 'soon' }, { maxSize: -1 }] as const)
      assert.throws(() => at.open(wrong), code('OPTION_INVALID'))
    // @ts-expect-error -- a definition, not a schema
    assert.throws(() => at.open({ schema: {} }), code('OPTION_INVALID', /schema\(\)/))
    const kinds = schema({ workspaces: { 'app.Any': [] } })
    assert.throws(() => at.open({ schema: kinds }), code('OPTION_INVALID', /workspaceKind/))
  })
})
