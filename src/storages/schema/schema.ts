import { checkKeys, checkOption } from '../../options.ts'
import { checkNamed, type Columns, type ColumnType, parseFields } from './columns.ts'

/** A type of records, as a user writes it. */
export interface RecordDefinition {
  /** Its fields by name, beside `sys.ID`, `sys.ParentID`, `sys.Container` and `sys.IsActive`, which every record has. */
  readonly fields?: Readonly<Record<string, ColumnType>>
  /** There is at most one in a workspace. Default false. */
  readonly singleton?: boolean
  /** The types of the records that it holds, by the name of the container. */
  readonly containers?: Readonly<Record<string, string>>
  /** Sets of fields that no two active records of a workspace have in common. A field that was never written counts as its zero. */
  readonly uniques?: readonly (readonly string[])[]
}

/** A view, as a user writes it: rows by a key. */
export interface ViewDefinition {
  /** The fields of its key that every read has to give. */
  readonly partition: Readonly<Record<string, ColumnType>>
  /** The fields of its key by which the rows of a partition are ordered, in this order. */
  readonly clustering?: Readonly<Record<string, ColumnType>>
  /** What a row holds. */
  readonly value?: Readonly<Record<string, ColumnType>>
}

/** The types of an application, as a user writes them. Names are `pkg.Entity` with the local name of the package. */
export interface SchemaDefinition {
  readonly records?: Readonly<Record<string, RecordDefinition>>
  readonly views?: Readonly<Record<string, ViewDefinition>>
  /** Kinds of workspaces, each with the records and views that it has. Default: every workspace has all of them. */
  readonly workspaces?: Readonly<Record<string, readonly string[]>>
}

/** A type of records that was checked. */
export interface RecordType {
  readonly entity: string
  readonly fields: Columns
  readonly singleton: boolean
  readonly containers: ReadonlyMap<string, string>
  readonly uniques: readonly (readonly string[])[]
}

/** A view that was checked. */
export interface ViewType {
  readonly entity: string
  readonly partition: Columns
  readonly clustering: Columns
  readonly value: Columns
}

/** The types of an application, checked by {@link schema}. */
export interface Schema {
  readonly records: ReadonlyMap<string, RecordType>
  readonly views: ReadonlyMap<string, ViewType>
  /** `undefined`: every workspace has all types. */
  readonly workspaces: ReadonlyMap<string, ReadonlySet<string>> | undefined
}

const entityForm = /^[A-Za-z]\w*\.[A-Za-z]\w*$/
const longestEntity = 50
/** Tables of our own, and those of SQLite. */
const reserved = /^(?:sys\.|sqlite_)/i

/**
 * Checks the types of an application: its records, its views, and which workspaces have them.
 *
 * The types of fields are int32, int64, float32, float64, bool, string, bytes, QName and RecordID.
 *
 * @param definition - `records`, `views`, `workspaces`; see {@link SchemaDefinition}
 * @throws MortiseError `OPTION_UNKNOWN`, `OPTION_INVALID`
 * @example
 * ```ts
 * import { schema } from 'mortise/storages'
 *
 * const restaurant = schema({
 *   records: {
 *     'app.Order': { fields: { Waiter: 'string', Day: 'int32' }, containers: { Items: 'app.OrderItem' } },
 *     'app.OrderItem': { fields: { Quantity: 'int32', SinglePrice: 'int64' } },
 *     'app.User': { fields: { Email: 'string' }, uniques: [['Email']] },
 *   },
 *   views: {
 *     'app.OrderedItems': {
 *       partition: { Year: 'int32' },
 *       clustering: { Month: 'int32', Day: 'int32' },
 *       value: { Amount: 'int64' },
 *     },
 *   },
 * })
 * console.log(restaurant.views.size)
 * ```
 */
export function schema(definition: SchemaDefinition): Schema {
  checkKeys(definition, ['records', 'views', 'workspaces'], 'a schema')
  const { records = {}, views = {}, workspaces } = definition
  for (const [what, given] of Object.entries({ records, views })) checkNamed(given, `the '${what}' of a schema`)
  const names = [...Object.keys(records), ...Object.keys(views)]
  checkEntities(names)
  const parsed: Schema = {
    records: new Map(Object.entries(records).map(([entity, one]) => [entity, parseRecord(entity, one, records)])),
    views: new Map(Object.entries(views).map(([entity, one]) => [entity, parseView(entity, one)])),
    workspaces: workspaces && parseWorkspaces(workspaces, names),
  }
  return Object.freeze(parsed)
}

function checkEntities(names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    const valid = entityForm.test(name) && name.length <= longestEntity && !reserved.test(name)
    checkOption(
      'schema',
      name,
      valid,
      `names such as 'app.Order', of at most ${longestEntity} letters, not of sys or sqlite_`,
    )
    const folded = name.toLowerCase()
    checkOption('schema', name, !seen.has(folded), 'names that differ in more than capital letters')
    seen.add(folded)
  }
}

function parseRecord(entity: string, given: RecordDefinition, records: object): RecordType {
  checkKeys(given, ['fields', 'singleton', 'containers', 'uniques'], `the record ${entity}`)
  const { fields = {}, singleton = false, containers = {}, uniques = [] } = given
  const columns = parseFields(`${entity}.fields`, fields)
  checkOption(`${entity}.singleton`, singleton, typeof singleton === 'boolean', 'true or false')
  checkNamed(containers, `the containers of ${entity}`)
  for (const type of Object.values(containers))
    checkOption(`${entity}.containers`, type, Object.hasOwn(records, type), 'types of records of the same schema')
  checkOption(`${entity}.uniques`, uniques, Array.isArray(uniques), 'a list of lists of fields')
  const seen = new Set<string>()
  for (const unique of uniques) {
    const names: readonly unknown[] = Array.isArray(unique) ? unique : []
    const known = names.length > 0 && names.every((name) => typeof name === 'string' && Object.hasOwn(fields, name))
    checkOption(`${entity}.uniques`, unique, known, 'lists of fields of the record')
    const id = unique.toSorted().join()
    checkOption(`${entity}.uniques`, id, !seen.has(id) && new Set(unique).size === unique.length, 'each field once')
    seen.add(id)
  }
  return { entity, fields: columns, singleton, containers: new Map(Object.entries(containers)), uniques }
}

function parseView(entity: string, given: ViewDefinition): ViewType {
  checkKeys(given, ['partition', 'clustering', 'value'], `the view ${entity}`)
  const { partition, clustering = {}, value = {} } = given
  const parts = { partition, clustering, value }
  for (const part of Object.values(parts)) checkNamed(part, `the fields of ${entity}`)
  checkOption(`${entity}.partition`, partition, Object.keys(partition).length > 0, 'at least one field')
  parseFields(entity, { ...partition, ...clustering, ...value })
  const key = [...Object.keys(partition), ...Object.keys(clustering)]
  const all = [...key, ...Object.keys(value)]
  checkOption(entity, all, new Set(all).size === all.length, 'each field once')
  checkOption(entity, 'WSID', !key.includes('WSID'), 'keys without WSID, which every key of a view has')
  return {
    entity,
    partition: parseFields(`${entity}.partition`, partition),
    clustering: parseFields(`${entity}.clustering`, clustering),
    value: parseFields(`${entity}.value`, value),
  }
}

function parseWorkspaces(
  given: Readonly<Record<string, readonly string[]>>,
  names: readonly string[],
): ReadonlyMap<string, ReadonlySet<string>> {
  checkNamed(given, "the 'workspaces' of a schema")
  for (const [kind, types] of Object.entries(given)) {
    checkOption(`workspaces.${kind}`, types, Array.isArray(types), 'a list of records and views')
    for (const type of types)
      checkOption(`workspaces.${kind}`, type, names.includes(type), 'records and views of the schema')
  }
  return new Map(Object.entries(given).map(([kind, types]) => [kind, new Set(types)]))
}
