import { type FieldValue, isQName, type Row, RowReader } from '../contracts/extension/fields.ts'

/**
 * What a command or a query was given: fields by name, and containers, each a list of such objects. It may be what `JSON.parse`
 * gave, but integers of 64 bits are bigints.
 */
export interface Argument {
  readonly [name: string]: FieldValue
}

/** An argument as guests read it. A container is always a list, and one that is empty is as one that is not there. */
export function argumentRow(argument: Argument): Row {
  // A guest may ask for a list as often as it likes.
  const lists = new Map<string, Row>()
  return new RowReader((kind, name) => {
    const known = kind === 'value' ? lists.get(name) : undefined
    if (known !== undefined) return known
    const value = Object.hasOwn(argument, name) ? argument[name] : undefined
    if (kind !== 'value') return isContainer(value) ? undefined : value
    if (!isContainer(value)) return undefined
    const items = isList(value) ? value : [value]
    if (items.length === 0) return undefined
    const rows = items.map((item) => (isArgument(item) ? argumentRow(item) : item))
    lists.set(name, rows)
    return rows
  })
}

function isContainer(value: FieldValue | undefined): value is Row {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && !isQName(value)
}

const isList = (row: Row): row is readonly FieldValue[] => Array.isArray(row)

function isArgument(value: FieldValue): value is Argument {
  return isContainer(value) && !isList(value) && !(value instanceof RowReader)
}
