import assert from 'node:assert/strict'
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
