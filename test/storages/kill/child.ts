import { openPostgres } from 'mortise/storages/postgres'
import { openSqlite } from 'mortise/storages/sqlite'
import { testedPostgres } from '../tested-postgres.ts'
import { testedSqlite } from '../tested-sqlite.ts'
import { load } from './load.ts'
import { killTypes } from './types.ts'

// Writes to a store until it is killed.
const [kind, place = '', synchronous] = process.argv.slice(2)
const options = { schema: killTypes, groupSize: 16 }
if (kind === 'postgres') await load(testedPostgres(await openPostgres({ url: place, ...options })))
const sqlite = { file: place, ...options }
await load(testedSqlite(openSqlite(synchronous === 'NORMAL' ? { ...sqlite, synchronous } : sqlite)))
