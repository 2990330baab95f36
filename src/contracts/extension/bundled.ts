import { type FieldValue, isList, isQName, type Row, RowReader } from './fields.ts'
import type { AnyStorage, KindParts } from './kind-parts.ts'
import type { Portion } from './apply.ts'
import type { Scope } from './transaction.ts'
import type { Intent, Key } from './storage.ts'

/** An intent that waits, with what its state was opened with. */
export interface Waiting<C> {
  readonly intent: Intent
  readonly context: C
  readonly scope: Scope
}

/** Intents that wait to be applied together: the last one for each key, by what makes keys equal, and all that are appended. */
export type Bundled<C> = ReadonlyMap<string, Waiting<C>>

/** How many were appended in this process: each has a name of its own. */
let appended = 0

/** Where nothing waits yet. */
export const empty = <C>(): Map<string, Waiting<C>> => new Map()

/**
 * What intents become behind those that wait: what updates something that waits itself becomes a part of that, for the storage
 * has not seen it.
 */
export function mergedBehind<C>(
  waiting: Bundled<C>,
  intents: readonly Intent[],
  { storages }: KindParts<AnyStorage<C>>,
  { context, scope }: Omit<Waiting<C>, 'intent'>,
): Bundled<C> {
  const changed = new Map<string, Waiting<C>>()
  for (const intent of intents) {
    const appends = intent.operation === 'insert' && storages.get(intent.key.storage)?.storage.appends === true
    const id = appends ? `${appended++}` : identity(intent.key, scope)
    const before = changed.get(id) ?? waiting.get(id)
    changed.set(id, { intent: before === undefined ? intent : merged(before.intent, intent), context, scope })
  }
  return changed
}

/** Puts intents behind those that wait. */
export function putBehind<C>(waiting: Map<string, Waiting<C>>, changed: Bundled<C>): void {
  for (const [id, one] of changed) {
    waiting.delete(id)
    waiting.set(id, one)
  }
}

/** What waits, apart for each scope with the last context that it was added with. */
export function portionsOf<C>(waiting: Bundled<C>): readonly Portion<C>[] {
  const portions = new Map<Scope, { intents: Intent[]; context: C }>()
  for (const { intent, context, scope } of waiting.values()) {
    const portion = portions.get(scope)
    if (portion === undefined) portions.set(scope, { intents: [intent], context })
    else {
      portion.intents.push(intent)
      portion.context = context
    }
  }
  return [...portions.values()]
}

/** The row that waits for a key. */
export function findBundled<C>(waiting: Bundled<C>, key: Key, scope: Scope): Row | undefined {
  const found = waiting.size === 0 ? undefined : waiting.get(identity(key, scope))
  return found && rowOf(found.intent)
}

/** Whether something of an entity waits. */
export function holdsEntity<C>(waiting: Bundled<C>, { storage, entity }: Key): boolean {
  return waiting.values().some(({ intent: { key } }) => key.storage === storage && key.entity === entity)
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
function identity({ storage, entity, fields }: Key, scope: Scope): string {
  const parts = [...fields].map(([name, value]) => [name, printed(value)] as const)
  return JSON.stringify([String(scope), storage, entity, parts.toSorted(([a], [b]) => (a < b ? -1 : 1))])
}

/** A value as text, after its kind where others could look the same. */
function printed(value: FieldValue): readonly string[] {
  if (value instanceof Uint8Array) return ['bytes', Buffer.from(value).toString('hex')]
  if (isQName(value)) return ['QName', value.pkg, value.entity]
  if (isList(value)) return ['list', JSON.stringify(value.map(printed))]
  return typeof value === 'object' ? ['null'] : [typeof value === 'string' ? 'string' : 'scalar', String(value)]
}
