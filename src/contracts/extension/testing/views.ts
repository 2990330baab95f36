import type { Columns } from '../../../storages/schema/columns.ts'
import type { ViewType } from '../../../storages/schema/schema.ts'
import { refuse, workspaceOf } from '../../../storages/sql/key.ts'
import type { WorkspaceContext } from '../../../storages/workspace.ts'
import { type FieldTypes, type FieldValue, isQName, type Row } from '../fields.ts'
import type { Key, Storage } from '../storage.ts'
import type { Fields, TestedApp, ViewGiven } from './given.ts'
import { same } from './same.ts'

/** `sys.View` over the rows of a test. */
export function viewStorage({ schema }: TestedApp, views: readonly ViewGiven[]): Storage<WorkspaceContext> {
  const typeOf = (key: Key): ViewType | undefined =>
    schema &&
    (schema.views.get(key.entity) ?? refuse('EXTENSION_NAME', key, `there is no view '${key.entity}' in the schema`))

  const matching = (key: Key, context: WorkspaceContext): readonly ViewGiven[] =>
    workspaceOf(key, context) === context.workspace
      ? views.filter(({ entity, key: given }) => entity === key.entity && matches(given, key))
      : []

  const get = (key: Key, context: WorkspaceContext): Row | undefined => {
    const type = typeOf(key)
    checkWhole(type, key)
    const asked = key.fields.size - (key.fields.has('WSID') ? 1 : 0)
    const found = matching(key, context).find((row) => Object.keys(row.key).length === asked)
    return found && rowOf(type, found)
  }

  const writable = (key: Key): FieldTypes | undefined => {
    const type = typeOf(key)
    return type && fieldTypes(type.value)
  }

  return {
    keyFields(entity) {
      const type = typeOf({ storage: 'sys.View', entity, fields: new Map() })
      return type && { ...fieldTypes([...type.partition, ...type.clustering]), WSID: 'int64' }
    },
    get,
    getBatch: (keys, context) => keys.map((key) => get(key, context)),
    *read(key, context) {
      const type = typeOf(key)
      const rows = matching(key, context)
      for (const row of type === undefined ? rows : inOrder(type, rows)) yield [row.key, rowOf(type, row)] as const
    },
    insert: writable,
    update: writable,
    validate(intents) {
      for (const { key } of intents) checkWhole(typeOf(key), key)
    },
  }
}

function rowOf(type: ViewType | undefined, { value }: ViewGiven): Row {
  return { ...Object.fromEntries((type?.value ?? []).map(({ name }) => [name, null])), ...value }
}

const fieldTypes = (columns: Columns): FieldTypes => Object.fromEntries(columns.map(({ name, type }) => [name, type]))

function matches(given: Fields, { fields }: Key): boolean {
  return fields.entries().every(([name, value]) => name === 'WSID' || same(given[name], value))
}

function checkWhole(type: ViewType | undefined, key: Key): void {
  const columns = type === undefined ? [] : [...type.partition, ...type.clustering]
  const missing = columns.find(({ name }) => !key.fields.has(name))
  if (missing !== undefined)
    refuse('EXTENSION_FIELD', key, `the key of ${key.entity} needs the field ${missing.name}`, missing.name)
}

/** As a store gives them: by the clustering fields. */
function inOrder({ clustering }: ViewType, rows: readonly ViewGiven[]): readonly ViewGiven[] {
  return rows.toSorted((a, b) => {
    const differing = clustering.find(({ name }) => !same(a.key[name], b.key[name] ?? null))
    return differing === undefined ? 0 : compare(a.key[differing.name], b.key[differing.name])
  })
}

function compare(a: FieldValue | undefined, b: FieldValue | undefined): number {
  if (typeof a === 'object' || typeof a === 'string') return Buffer.compare(bytesOf(a), bytesOf(b))
  return Number(a) < Number(b) ? -1 : 1
}

function bytesOf(value: FieldValue | undefined): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return Buffer.from(value)
  return Buffer.from(value !== undefined && isQName(value) ? `${value.pkg}.${value.entity}` : '')
}
