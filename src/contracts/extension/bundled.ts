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
  kind: KindParts<AnyStorage<C>>,
  { context, scope }: Omit<Waiting<C>, 'intent'>,
): Bundled<C> {
  const changed = new Map<string, Waiting<C>>()
  for (const intent of intents) {
    if (intent.operation === 'insert' && kind.storages.get(intent.key.storage)?.storage.appends === true) {
      changed.set(`${appended++}`, { intent, context, scope })
      continue
    }
    const { id, key } = identified(intent.key, kind, { context, scope })
    const before = changed.get(id) ?? waiting.get(id)
    changed.set(id, { intent: merged(before?.intent, intent, key), context, scope })
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
export function findBundled<C>(
  waiting: Bundled<C>,
  key: Key,
  kind: KindParts<AnyStorage<C>>,
  at: Omit<Waiting<C>, 'intent'>,
): Row | undefined {
  const found = waiting.size === 0 ? undefined : waiting.get(identified(key, kind, at).id)
  return found && rowOf(found.intent)
}

/** Whether something of an entity waits. */
export function holdsEntity<C>(waiting: Bundled<C>, { storage, entity }: Key): boolean {
  return waiting.values().some(({ intent: { key } }) => key.storage === storage && key.entity === entity)
}

/** What is left to be done of an intent behind another one for the same key. */
function merged(before: Intent | undefined, after: Intent, key: Key): Intent {
  if (before === undefined || after.operation === 'insert') {
    const { operation, row, fields, types } = after
    return { operation, key, row, fields, types }
  }
  const { operation, row, types } = before
  return { operation, key, row, fields: new Map([...before.fields, ...after.fields]), types }
}

/** What a guest reads that asks for what it wrote: as from the storage, what it has not written is zero. */
function rowOf({ row, fields, types = {} }: Intent): Row {
  if (row instanceof RowReader) return new RowReader((kind, name) => fields.get(name) ?? row.read(kind, name))
  const rest = row === undefined ? Object.keys(types).map((name) => [name, null] as const) : Object.entries(row)
  return Object.fromEntries([...rest, ...fields])
}

/** A key in the form in which it is kept, and what equal ones have in common. */
function identified<C>(
  key: Key,
  { storages }: KindParts<AnyStorage<C>>,
  { context, scope }: Omit<Waiting<C>, 'intent'>,
): { readonly id: string; readonly key: Key } {
  const canonical = storages.get(key.storage)?.storage.canonical?.(key, context)
  // It says all by itself.
  return canonical === undefined ? { id: identity(key, scope), key } : { id: identity(canonical), key: canonical }
}

function identity({ storage, entity, fields }: Key, scope?: Scope): string {
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
