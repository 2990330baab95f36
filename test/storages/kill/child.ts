import { openSqlite } from 'mortise/storages/sqlite'
import { testedSqlite } from '../tested-sqlite.ts'
import { load } from './load.ts'
import { killTypes } from './types.ts'

// Writes to a store until it is killed.
const [file = '', synchronous] = process.argv.slice(2)
const options = { file, schema: killTypes, groupSize: 16 }
await load(testedSqlite(openSqlite(synchronous === 'NORMAL' ? { ...options, synchronous } : options)))
