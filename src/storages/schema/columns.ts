import type { FieldType } from '../../contracts/extension/fields.ts'
import { checkKeys, checkOption } from '../../options.ts'

/** The type of a field that is kept. */
export type ColumnType = Exclude<FieldType, 'string[]'>

/** A field of a record or a view. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** Fields in the order in which they were declared. */
export type Columns = readonly Column[]

const types = new Set<string>([
  'int32',
  'int64',
  'float32',
  'float64',
  'bool',
  'string',
  'bytes',
  'QName',
  'RecordID',
] satisfies ColumnType[])
const fieldForm = /^[A-Za-z]\w{0,59}$/
const mostFields = 500

/** Checks that something is an object, whose names are the user's own: `OPTION_INVALID`. */
export function checkNamed(given: unknown, where: string): asserts given is object {
  checkKeys(given, typeof given === 'object' && given !== null ? Object.keys(given) : [], where)
}

/** Checks the fields of a record or a view: `OPTION_INVALID`. */
export function parseFields(where: string, fields: Readonly<Record<string, ColumnType>>): Columns {
  checkNamed(fields, where)
  const columns = Object.entries(fields).map(([name, type]) => ({ name, type }))
  checkOption(where, columns.length, columns.length <= mostFields, `at most ${mostFields} fields`)
  const seen = new Set<string>()
  for (const { name, type } of columns) {
    checkOption(where, name, fieldForm.test(name), 'names of fields: a letter, then letters, digits and _, at most 60')
    checkOption(where, name, !seen.has(name.toLowerCase()), 'names that differ in more than capital letters')
    seen.add(name.toLowerCase())
    checkOption(`${where}.${name}`, type, types.has(type), [...types].join(', '))
  }
  return columns
}
