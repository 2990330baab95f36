import { after, before } from 'node:test'
import { testStore } from '../conformance/store/store.ts'
import { type PostgresServer, startPostgres } from '../support/postgres.ts'
import { postgresTarget } from './tested-postgres.ts'

let server: PostgresServer | undefined

before(async () => {
  server = await startPostgres()
})
after(async () => {
  await server?.[Symbol.asyncDispose]()
})

testStore(
  postgresTarget(() => {
    if (server === undefined) throw new Error('the server is not there')
    return server
  }),
)
