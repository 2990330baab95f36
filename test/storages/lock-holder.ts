import { DatabaseSync } from 'node:sqlite'

// Keeps everybody else from writing to a database, until its parent lets it go.
const database = new DatabaseSync(process.argv[2] ?? '')
database.exec('BEGIN IMMEDIATE')
process.on('disconnect', () => database.close())
process.send?.('locked')
