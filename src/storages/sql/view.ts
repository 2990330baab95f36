import type { FieldTypes, Row } from '../../contracts/extension/fields.ts'
import type { Intent, Key } from '../../contracts/extension/storage.ts'
import type { Schema } from '../schema/schema.ts'
import { refuse, type SqlContext, workspaceOf } from './key.ts'
import { type Dialect, type Query, quoted, type Raw, type Work } from './query.ts'
import { type Page, ViewTable } from './view-table.ts'
import type { CheckWorkspace } from './workspaces.ts'

/** The views of an application: `sys.View`. */
export class Views {
  readonly #tables: ReadonlyMap<string, ViewTable>
  readonly #check: CheckWorkspace

  constructor(dialect: Dialect, schema: Schema, check: CheckWorkspace) {
    this.#check = check
    this.#tables = new Map([...schema.views].map(([entity, type]) => [entity, new ViewTable(dialect, type)]))
  }

  /** The fields of a key. */
  keyFields(entity: string): FieldTypes {
    return this.#table({ storage: 'sys.View', entity, fields: new Map() }).keyFields
  }

  /** The same key with the workspace that it means. */
  canonical({ storage, entity, fields }: Key, context: SqlContext): Key {
    return {
      storage,
      entity,
      fields: new Map([...fields, ['WSID', workspaceOf({ storage, entity, fields }, context)]]),
    }
  }

  /** The row of a key, which has to be whole. */
  *get(key: Key, context: SqlContext): Work<Row | undefined> {
    const { table, workspace } = this.#at(key, context)
    return yield* table.get(workspace, this.#whole(table, key))
  }

  /** Some rows that a partial key matches, in the order of their keys. */
  *page(key: Key, context: SqlContext, after: readonly Raw[] | undefined): Work<Page> {
    const { table, workspace } = this.#at(key, context)
    const given = table.key.findLastIndex(({ name }) => key.fields.has(name)) + 1
    const count = Math.max(given, table.type.partition.length)
    return yield* table.page(workspace, this.#prefix(table, key, count), after)
  }

  /** The fields of a row; the same for one that is there. */
  insert(key: Key, context: SqlContext): FieldTypes {
    return this.#at(key, context).table.valueFields
  }

  /** Refuses what cannot be applied whatever the database holds. */
  validate(intents: readonly Intent[], context: SqlContext): void {
    for (const { key } of intents) this.#whole(this.#at(key, context).table, key)
  }

  /** Writes the intents, in their order: an insert in the place of what is there. */
  *apply(intents: readonly Intent[], context: SqlContext): Work<void> {
    for (const { operation, key, fields } of intents) {
      const { table, workspace } = this.#at(key, context)
      const raws = this.#whole(table, key)
      if (operation === 'insert') yield table.put(workspace, raws, fields)
      else if (fields.size > 0) {
        const { changes } = yield table.update(workspace, raws, fields)
        if (changes === 0) refuse('EXTENSION_ABSENT', key, `the row of ${key.entity} that is updated is not there`)
      }
    }
  }

  /** The query that empties a view, in all workspaces. */
  emptying(entity: string): Query {
    const { type } = this.#table({ storage: 'sys.View', entity, fields: new Map() })
    return { sql: `DELETE FROM ${quoted(type.entity)}`, passing: true }
  }

  #table(key: Key): ViewTable {
    return (
      this.#tables.get(key.entity) ?? refuse('EXTENSION_NAME', key, `there is no view '${key.entity}' in the schema`)
    )
  }

  #at(key: Key, context: SqlContext): { readonly table: ViewTable; readonly workspace: bigint } {
    const table = this.#table(key)
    const workspace = workspaceOf(key, context)
    this.#check(key.entity, workspace, key)
    return { table, workspace }
  }

  #whole(table: ViewTable, key: Key): readonly Raw[] {
    return this.#prefix(table, key, table.key.length)
  }

  #prefix(table: ViewTable, key: Key, count: number): readonly Raw[] {
    const raws = table.encodeKey(key.fields, count)
    const hole = raws.indexOf(null)
    if (hole < 0) return raws
    const field = table.key[hole]?.name ?? ''
    return refuse('EXTENSION_FIELD', key, `the key of ${key.entity} needs the field ${field}`, field)
  }
}
