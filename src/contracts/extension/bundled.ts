import { type FieldValue, isList, isQName, type Row, RowReader } from './fields.ts'
import type { AnyStorage, KindParts } from './kind-parts.ts'
import type { Intent, Key } from './storage.ts'

/** Intents that wait to be applied together: the last one for each key, by what makes keys equal, and all that are appended. */
export type Bundled = ReadonlyMap<string, Intent>

/** How many were appended in this process: each has a name of its own. */
let appended = 0

/**
 * What intents become behind those that wait: what updates something that waits itself becomes a part of that, for the storage
 * has not seen it.
 */
export function mergedBehind<C>(
  waiting: Bundled,
  intents: readonly Intent[],
  { storages }: KindParts<AnyStorage<C>>,
): Bundled {
  const changed = new Map<string, Intent>()
  for (const intent of intents) {
    const appends = storages.get(intent.key.storage)?.storage.appends === true
    const id = appends ? `${appended++}` : identity(intent.key)
    const before = changed.get(id) ?? waiting.get(id)
    changed.set(id, before === undefined ? intent : merged(before, intent))
  }
  return changed
}

/** Puts intents behind those that wait. */
export function putBehind(waiting: Map<string, Intent>, changed: Bundled): void {
  for (const [id, intent] of changed) {
    waiting.delete(id)
    waiting.set(id, intent)
  }
}

/** The row that waits for a key. */
export function findBundled(waiting: Bundled, key: Key): Row | undefined {
  const intent = waiting.size === 0 ? undefined : waiting.get(identity(key))
  return intent && rowOf(intent)
}

/** Whether something of an entity waits. */
export function holdsEntity(waiting: Bundled, { storage, entity }: Key): boolean {
  return waiting.values().some(({ key }) => key.storage === storage && key.entity === entity)
}

function merged(before: Intent, after: Intent): Intent {
  if (after.operation === 'insert') return after
  const { operation, key, row, fields } = before
  return { operation, key, row, fields: new Map([...fields, ...after.fields]) }
}

/** What a guest reads that asks for what it wrote. */
function rowOf({ row, fields }: Intent): Row {
  if (row instanceof RowReader) return new RowReader((kind, name) => fields.get(name) ?? row.read(kind, name))
  return Object.fromEntries([...Object.entries(row ?? {}), ...fields])
}

/** Keys with the same of this are equal. */
function identity({ storage, entity, fields }: Key): string {
  const parts = [...fields].map(([name, value]) => [name, printed(value)] as const)
  return JSON.stringify([storage, entity, parts.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

/** A value as text, after its kind where others could look the same. */
function printed(value: FieldValue): readonly string[] {
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')]
  if (isQName(value)) return ['QName', value.pkg, value.entity]
  if (isList(value)) return ['list', JSON.stringify(value.map(printed))]
  return typeof value === 'object' ? ['null'] : [typeof value === 'string' ? 'string' : 'scalar', String(value)]
}
