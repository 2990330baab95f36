import type { FieldTypes, FieldValue, Row } from './fields.ts'
import type { Intent, Key, Storage } from './storage.ts'

/** An entity of a {@link memoryStorage}. */
export interface MemoryEntity {
  /** The fields of its key, all of which a `get` needs; a `read` takes the first ones. */
  readonly key: FieldTypes
  readonly value: FieldTypes
}

interface Stored {
  readonly [field: string]: FieldValue
}

/**
 * A storage in the host's memory, for tests and examples: entities with a key and a value, each row by its key. Rows come in the
 * order in which their keys were first written. An insert needs a key that is not there, an update one that is.
 *
 * @param entities - by `pkg.Entity`
 * @returns a storage; `rows(entity)` is what it holds
 */
export function memoryStorage(entities: Readonly<Record<string, MemoryEntity>>): Required<
  Omit<Storage, 'async' | 'acts' | 'appends' | 'canonical' | 'emit'>
> & {
  readonly rows: (entity: string) => readonly Stored[]
} {
  const tables = new Map(
    Object.keys(entities).map((entity) => [entity, new Map<string, { key: Stored; value: Stored }>()]),
  )
  const tableOf = (entity: string): Map<string, { key: Stored; value: Stored }> => tables.get(entity) ?? unknown(entity)
  const typesOf = (entity: string): MemoryEntity => entities[entity] ?? unknown(entity)
  const find = ({ entity, fields }: Key): Row | undefined => {
    const found = tableOf(entity).get(identity(typesOf(entity), fields))
    return found && { ...found.key, ...found.value }
  }

  function* read({ entity, fields }: Key): Generator<readonly [Row, Row]> {
    const wanted = [...fields].map(([name, value]) => [name, show(value)] as const)
    for (const { key, value } of tableOf(entity).values()) {
      if (wanted.every(([name, text]) => show(key[name]) === text)) yield [key, { ...key, ...value }]
    }
  }

  const validate = (intents: readonly Intent[]): void => {
    const made = new Set<string>()
    for (const { operation, key } of intents) {
      const id = identity(typesOf(key.entity), key.fields)
      const there = made.has(`${key.entity} ${id}`) || tableOf(key.entity).has(id)
      if (there === (operation === 'update')) made.add(`${key.entity} ${id}`)
      else throw new Error(`${key.entity} with the key ${id} is ${there ? 'there already' : 'not there'}`)
    }
  }

  return {
    keyFields: (entity) => typesOf(entity).key,
    get: find,
    getBatch: (keys) => keys.map(find),
    read,
    insert: ({ entity }) => typesOf(entity).value,
    update: ({ entity }) => typesOf(entity).value,
    validate,
    apply(intents) {
      const before = [...tables].map(([entity, rows]) => [entity, new Map(rows)] as const)
      for (const { key, fields } of intents) {
        const table = tableOf(key.entity)
        const id = identity(typesOf(key.entity), key.fields)
        const value = { ...table.get(id)?.value, ...Object.fromEntries(fields) }
        table.set(id, { key: Object.fromEntries(key.fields), value })
      }
      return () => {
        for (const [entity, rows] of before) tables.set(entity, rows)
      }
    },
    rows: (entity) => Array.from(tableOf(entity).values(), ({ key, value }) => ({ ...key, ...value })),
  }
}

/** Equal for equal keys. A field that is missing reads as the zero of its type nowhere: a key needs all of its fields. */
function identity({ key }: MemoryEntity, fields: ReadonlyMap<string, FieldValue>): string {
  return JSON.stringify(
    Object.keys(key).map((name) => {
      const value = fields.get(name)
      if (value === undefined) throw new Error(`the key has no field ${name}`)
      return show(value)
    }),
  )
}

function show(value: FieldValue | undefined): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function unknown(entity: string): never {
  throw new Error(`there is no entity '${entity}'`)
}
