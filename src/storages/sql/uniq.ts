import type { FieldTypes, Row } from '../../contracts/extension/fields.ts'
import type { Key } from '../../contracts/extension/storage.ts'
import { int64 } from './codec.ts'
import { refuse, type SqlContext } from './key.ts'
import type { Work } from './query.ts'
import type { RecordTable } from './record-table.ts'
import type { CheckWorkspace } from './workspaces.ts'

/** The uniques of records: `sys.Uniq`. */
export class Uniques {
  readonly #tables: ReadonlyMap<string, RecordTable>
  readonly #fields: ReadonlyMap<string, FieldTypes>
  readonly #check: CheckWorkspace

  constructor(tables: ReadonlyMap<string, RecordTable>, check: CheckWorkspace) {
    this.#tables = tables
    this.#check = check
    this.#fields = new Map(
      [...tables].map(([entity, { type }]) => {
        const names = new Set(type.uniques.flat())
        const columns = type.fields.filter(({ name }) => names.has(name))
        return [entity, Object.fromEntries(columns.map((column) => [column.name, column.type]))]
      }),
    )
  }

  /** The fields of a key: those of all uniques of a type. */
  keyFields(entity: string): FieldTypes {
    return this.#fields.get(entity) ?? this.#unknown({ storage: 'sys.Uniq', entity, fields: new Map() })
  }

  /** The identifier of the active record that has the values of a unique. */
  *get(key: Key, { workspace }: SqlContext): Work<Row | undefined> {
    const table = this.#tables.get(key.entity) ?? this.#unknown(key)
    this.#check(key.entity, workspace, key)
    const ask = table.unique(workspace, key.fields)
    if (ask === undefined)
      return refuse('EXTENSION_FIELD', key, `provided set of fields does not match any known unique of ${key.entity}`)
    const { rows } = yield ask
    return rows[0] && { ID: int64(rows[0][0]) }
  }

  #unknown(key: Key): never {
    return refuse('EXTENSION_NAME', key, `there is no record '${key.entity}' in the schema`)
  }
}
