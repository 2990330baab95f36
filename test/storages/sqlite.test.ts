import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { it } from 'node:test'
import { asyncProjectorKind, commandKind, jobKind, queryKind, schema, syncProjectorKind } from 'mortise/storages'
import { openSqlite } from 'mortise/storages/sqlite'
import { testStore } from '../conformance/store/store.ts'
import { sqlite } from './tested-sqlite.ts'

testStore(sqlite)

it('a store on SQLite is what kinds of state take as it is', () => {
  using store = openSqlite({ file: ':memory:', schema: schema({}) })
  assert.doesNotThrow(() => {
    commandKind({ store })
    queryKind({ store })
    syncProjectorKind({ store })
    asyncProjectorKind({ store })
    jobKind({ store })
  })
})

it('a store on SQLite runs each work of a group in the asynchronous context that it came from', async () => {
  using store = openSqlite({ file: ':memory:', schema: schema({}) })
  const contexts = new AsyncLocalStorage<number>()
  const works = [1, 2, 3].map((index) => contexts.run(index, () => store.group(() => contexts.getStore())))
  assert.deepEqual(await Promise.all(works), [1, 2, 3])
})
