import { integer, refuse, updatedType, workspaceOf } from '../../../storages/sql/key.ts'
import { systemFields } from '../../../storages/sql/tables.ts'
import type { Columns } from '../../../storages/schema/columns.ts'
import type { WorkspaceContext } from '../../../storages/workspace.ts'
import { type FieldTypes, isQName, type Row } from '../fields.ts'
import type { Key, Storage } from '../storage.ts'
import { nameOf, type RecordGiven, type TestedApp } from './given.ts'
import { same } from './same.ts'

const keyFields: FieldTypes = { ID: 'RecordID', WSID: 'int64', IsSingleton: 'bool', Singleton: 'QName' }

/** `sys.Record` over the records of a test. */
export function recordStorage({ schema }: TestedApp, records: readonly RecordGiven[]): Storage<WorkspaceContext> {
  const typesOf = (key: Key, entity: string): FieldTypes | undefined => {
    if (schema === undefined) return undefined
    const type = schema.records.get(entity)
    return type === undefined
      ? refuse('EXTENSION_NAME', key, `there is no record '${entity}' in the schema`)
      : fieldTypes(type.fields)
  }
  const rowOf = ({ entity, id, fields }: RecordGiven): Row => ({
    'sys.ParentID': null,
    'sys.Container': null,
    'sys.IsActive': true,
    ...Object.fromEntries((schema?.records.get(entity)?.fields ?? []).map(({ name }) => [name, null])),
    ...fields,
    'sys.ID': id,
    'sys.QName': nameOf(entity),
  })
  const get = (key: Key, context: WorkspaceContext): Row | undefined => {
    const here = workspaceOf(key, context) === context.workspace ? records : []
    const singleton = singletonOf(key)
    const id = singleton === undefined ? idOf(key) : 0n
    const found = here.find((record) =>
      singleton === undefined
        ? record.id === id && (key.entity === '' || record.entity === key.entity)
        : record.singleton && record.entity === singleton,
    )
    return found && rowOf(found)
  }
  return {
    keyFields: () => keyFields,
    get,
    getBatch: (keys, context) => keys.map((key) => get(key, context)),
    insert(key) {
      if (key.entity === '') refuse('EXTENSION_NAME', key, 'entity required for ValueBuilder')
      const types = typesOf(key, key.entity)
      return types && { ...fieldTypes(systemFields), ...types }
    },
    update(key, row) {
      const types = typesOf(key, updatedType(key, row))
      return types && { 'sys.IsActive': 'bool', ...types }
    },
  }
}

/** `sys.Uniq` over the records of a test: finds the active one whose fields hold what the key asks for. */
export function uniqStorage({ schema }: TestedApp, records: readonly RecordGiven[]): Storage<WorkspaceContext> {
  return {
    get(key) {
      const { entity, fields } = key
      const asked = [...fields.keys()].toSorted().join()
      const known = schema?.records.get(entity)?.uniques.some((unique) => unique.toSorted().join() === asked) ?? true
      if (!known) refuse('EXTENSION_FIELD', key, `provided set of fields does not match any known unique of ${entity}`)
      const found = records.find(
        (record) =>
          record.entity === entity &&
          record.fields['sys.IsActive'] !== false &&
          fields.entries().every(([name, value]) => same(record.fields[name], value)),
      )
      return found && { ID: found.id }
    },
  }
}

const fieldTypes = (columns: Columns): FieldTypes => Object.fromEntries(columns.map(({ name, type }) => [name, type]))

function idOf(key: Key): bigint {
  const id = integer(key.fields.get('ID')) ?? 0n
  if (id === 0n) refuse('EXTENSION_FIELD', key, 'value of one of RecordID fields is 0: not found', 'ID')
  return id > 0n ? id : refuse('EXTENSION_FIELD', key, `record ID value is out of range:${id}`, 'ID')
}

function singletonOf(key: Key): string | undefined {
  const { entity, fields } = key
  if (fields.get('IsSingleton') === true)
    return entity === '' ? refuse('EXTENSION_NAME', key, 'entity undefined') : entity
  const name = fields.get('Singleton') ?? null
  return isQName(name) ? `${name.pkg}.${name.entity}` : undefined
}
