import assert from 'node:assert/strict'
import { Client } from 'pg'
import type { AsyncStorage, Intent, Row } from 'mortise/extension'
import { type LogEvent, type Logged, openPostgres, type PostgresStore } from 'mortise/storages/postgres'
import type { StoreTarget, TestedStore } from '../conformance/store/target.ts'
import type { PostgresServer } from '../support/postgres.ts'

type C = Readonly<Record<'workspace', bigint>>

const call = { signal: new AbortController().signal }

/** A store of PostgreSQL as the suite uses it. */
export function testedPostgres(store: PostgresStore): TestedStore {
  const at = (workspace = 1n): C => ({ workspace })
  const apply = async (intents: readonly Intent[], context: C): Promise<void> => {
    const storages: readonly (readonly [string, AsyncStorage<C>])[] = [
      ['sys.Record', store.record],
      ['sys.View', store.view],
    ]
    for (const [name, storage] of storages) {
      const batch = intents.filter(({ key }) => key.storage === name)
      for (const { operation, key, row } of batch) {
        if (operation === 'insert') storage.insert?.(key, context)
        else if (row !== undefined) storage.update?.(key, row, context)
      }
      await storage.validate?.(batch, context)
      await storage.apply?.(batch, context)
    }
  }
  return {
    get: async (storage, key, workspace) => store[storage].get?.(key, at(workspace), call),
    getBatch: async (storage, keys) => store[storage].getBatch?.(keys, at(), call) ?? [],
    read: async (storage, key, most = Infinity) => {
      const rows: (readonly [Row, Row])[] = []
      for await (const row of store[storage].read?.(key, at(), call) ?? []) if (rows.push(row) >= most) break
      return rows
    },
    write: (intents, workspace) => store.transaction(() => apply(intents, at(workspace))),
    group: (works) => Promise.allSettled(works.map((intents) => store.group(() => apply(intents, at())))),
    append: (draft, intents, grouped = false) => {
      const append = (): Promise<Logged> => store.log.append(draft, () => apply(intents, at(draft.workspace)))
      return grouped ? store.group(append) : append()
    },
    appendTrying: (draft, first, second) =>
      store.log.append(draft, async () => {
        await apply(first, at())
        await assert.rejects(
          store.transaction(async () => {
            await apply(second, at())
            throw new Error('undo this')
          }),
        )
      }),
    events: async (position) => {
      const events: LogEvent[] = []
      for await (const event of store.log.after(position)) events.push(event)
      return events
    },
    project: (name, project, most) =>
      store.projector(name).run(async (events) => {
        const work = project(events)
        let step = work.next()
        while (step.done !== true) step = work.next(await store.view.get?.(step.value, at(), call))
        await apply(step.value, at())
      }, most),
    position: (name) => store.projector(name).position(),
    restart: (name, views) => store.projector(name).restart(views),
    nested: (first, second, third) =>
      store.transaction(async () => {
        await apply(first, at())
        await store
          .transaction(async () => {
            await apply(second, at())
            throw new Error('undo this')
          })
          .catch(() => apply(third, at()))
      }),
    [Symbol.asyncDispose]: () => store.close(),
  }
}

/** Stores on a server, each in a namespace of its own. */
export function postgresTarget(server: () => PostgresServer): StoreTarget {
  let count = 0
  return {
    name: 'PostgreSQL',
    async place() {
      const namespace = await makeNamespace(server(), `place_${++count}`)
      return {
        open: async (schema, options = {}) =>
          testedPostgres(await openPostgres({ url: server().url(namespace), schema, connections: 4, ...options })),
        [Symbol.asyncDispose]: async () => {},
      }
    },
  }
}

/** Makes a namespace in the database of a server. @returns its name */
export async function makeNamespace(server: PostgresServer, namespace: string): Promise<string> {
  await query(server, `CREATE SCHEMA ${namespace}`)
  return namespace
}

/** Asks a server something, past the store. */
export async function query(server: PostgresServer, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: server.url() })
  await client.connect()
  try {
    return (await client.query<object>(sql)).rows
  } finally {
    await client.end()
  }
}
