import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Intent, Row, Storage } from 'mortise/extension'
import type { Schema } from 'mortise/storages'
import { type Logged, openSqlite, type SqliteStore } from 'mortise/storages/sqlite'
import type { OpenOptions, StoreTarget, TestedStore } from '../conformance/store/target.ts'

type C = Readonly<Record<'workspace', bigint>>

/** A store of SQLite as the suite uses it. */
export function testedSqlite(store: SqliteStore): TestedStore {
  const at = (workspace = 1n): C => ({ workspace })
  const apply = (intents: readonly Intent[], context: C): void => {
    const storages: readonly (readonly [string, Storage<C>])[] = [
      ['sys.Record', store.record],
      ['sys.View', store.view],
    ]
    for (const [name, storage] of storages) {
      const batch = intents.filter(({ key }) => key.storage === name)
      for (const { operation, key, row } of batch) {
        if (operation === 'insert') storage.insert?.(key, context)
        else if (row !== undefined) storage.update?.(key, row, context)
      }
      storage.validate?.(batch, context)
      storage.apply?.(batch, context)
    }
  }
  return {
    get: async (storage, key, workspace) => store[storage].get?.(key, at(workspace)),
    getBatch: async (storage, keys) => store[storage].getBatch?.(keys, at()) ?? [],
    read: async (storage, key, most = Infinity) => {
      const rows: (readonly [Row, Row])[] = []
      for (const row of store[storage].read?.(key, at()) ?? []) if (rows.push(row) >= most) break
      return rows
    },
    write: async (intents, workspace) => store.transaction(() => apply(intents, at(workspace))),
    group: (works) => Promise.allSettled(works.map((intents) => store.group(() => apply(intents, at())))),
    append: async (draft, intents, grouped = false) => {
      const append = (): Logged => store.log.append(draft, () => apply(intents, at(draft.workspace)))
      return grouped ? store.group(append) : append()
    },
    appendTrying: async (draft, first, second) =>
      store.log.append(draft, () => {
        apply(first, at())
        assert.throws(() =>
          store.transaction(() => {
            apply(second, at())
            throw new Error('undo this')
          }),
        )
      }),
    events: async (position) => [...store.log.after(position)],
    project: async (name, project, most) =>
      store.projector(name).run((events) => {
        const work = project(events)
        let step = work.next()
        while (step.done !== true) step = work.next(store.view.get?.(step.value, at()))
        apply(step.value, at())
      }, most),
    position: async (name) => store.projector(name).position,
    restart: async (name, views) => store.projector(name).restart(views),
    nested: async (first, second, third) =>
      store.transaction(() => {
        apply(first, at())
        try {
          store.transaction(() => {
            apply(second, at())
            throw new Error('undo this')
          })
        } catch {
          apply(third, at())
        }
      }),
    [Symbol.asyncDispose]: async () => store.close(),
  }
}

export const sqlite: StoreTarget = {
  name: 'SQLite',
  async place() {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-sqlite-'))
    return {
      open: async (schema: Schema, options: OpenOptions = {}) =>
        testedSqlite(openSqlite({ file: join(folder, 'store.db'), schema, ...options })),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    }
  },
}
