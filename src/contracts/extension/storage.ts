import { type FieldTypes, type FieldValue, isList, isQName, type Row } from './fields.ts'

/** What a guest asks a storage for. It never changes once a storage has it. */
export interface Key {
  readonly storage: string
  /** `pkg.Entity` with the local name of the package, or empty. */
  readonly entity: string
  /** What the guest put into it. Integers of 64 bits are bigints; the package of a name is the local one. */
  readonly fields: ReadonlyMap<string, FieldValue>
}

/** What a guest wants to be written. */
export interface Intent {
  readonly operation: 'insert' | 'update'
  readonly key: Key
  /** What the guest read and updates; absent for an insert. */
  readonly row: Row | undefined
  /** What the guest put into it. */
  readonly fields: ReadonlyMap<string, FieldValue>
  /** The fields that it may have, where its storage said so. */
  readonly types?: FieldTypes | undefined
}

/** What a storage can be asked for. */
export type Operation = 'get' | 'getBatch' | 'read' | 'insert' | 'update'

/**
 * Something that extensions read and write. A method that is absent is an operation that the storage does not have. What a
 * method throws ends the guest's call, and is the `cause` of the error that the caller gets.
 *
 * `C` is what a state is opened with: the request, the workspace, a transaction.
 */
export interface Storage<C = unknown> {
  /** Its answers are there at once; see {@link AsyncStorage} for others. */
  readonly async?: false
  /** Each insert is one more, whatever its key is, as lines of a log are. Default: one with an equal key takes the place of the first. */
  readonly appends?: boolean
  /** The fields that a key for an entity may have. Default: any. */
  keyFields?(entity: string, context: C): FieldTypes | undefined
  /** The one form of all keys that mean the same in a context. Bundles compare and keep it. Default: the key as the guest wrote it. */
  canonical?(key: Key, context: C): Key
  /**
   * Whether a get or a read of a key does something elsewhere, as one that sends a mail does: a call that has asked is not run once more
   * where it is refused memory. Default: none does.
   */
  acts?(key: Key): boolean
  /** The row of a key, or `undefined` where there is none. */
  get?(key: Key, context: C): Row | undefined
  /** The rows of several keys, in their order. */
  getBatch?(keys: readonly Key[], context: C): readonly (Row | undefined)[]
  /** The rows that a partial key matches. The guest may stop before the last. */
  read?(key: Key, context: C): Iterable<readonly [key: Row, value: Row]>
  /** An insert begins: gives the fields that it may have; `undefined` for any. */
  insert?(key: Key, context: C): FieldTypes | undefined
  /**
   * Takes what the guest inserts as soon as it begins the next insert, or has ended well. It is no intent then: it counts for no limit,
   * nothing validates it, and nothing takes it back. The guest has one handle for all of them.
   */
  emit?(intent: Intent, context: C): void
  /** An update of what the guest read begins: the same. */
  update?(key: Key, row: Row, context: C): FieldTypes | undefined
  /** Throws where the intents, in the order of the calls, could not be applied. */
  validate?(intents: readonly Intent[], context: C): void
  /**
   * Applies the intents, in the order of the calls, all or none.
   *
   * @returns what undoes it, for the case that a storage after it fails
   */
  apply?(intents: readonly Intent[], context: C): (() => void) | undefined
}

/** What an asynchronous storage learns of the call that asks. */
export interface AsyncCall {
  /** Aborted where the call ends before the answer is there: its time is up, or its plugin was unplugged. Made when it is first read. */
  readonly signal: AbortSignal
}

/**
 * A {@link Storage} whose answers take time: a database or a service behind a network. The guest is suspended meanwhile, and the host
 * goes on. What it may write is known at once: `keyFields`, `canonical`, `acts`, `insert` and `update` return no promises.
 *
 * `C` is what a state is opened with.
 */
export interface AsyncStorage<C = unknown> extends Pick<
  Storage<C>,
  'appends' | 'keyFields' | 'canonical' | 'acts' | 'insert' | 'emit' | 'update'
> {
  readonly async: true
  /** The row of a key, or `undefined` where there is none. */
  get?(key: Key, context: C, call: AsyncCall): Promise<Row | undefined>
  /** The rows of several keys, in their order. */
  getBatch?(keys: readonly Key[], context: C, call: AsyncCall): Promise<readonly (Row | undefined)[]>
  /** The rows that a partial key matches. The guest may stop before the last. */
  read?(key: Key, context: C, call: AsyncCall): AsyncIterable<readonly [key: Row, value: Row]>
  /** Rejects where the intents, in the order of the calls, could not be applied. */
  validate?(intents: readonly Intent[], context: C): Promise<void>
  /**
   * Applies the intents, in the order of the calls, all or none.
   *
   * @returns what undoes it, for the case that a storage after it fails
   */
  apply?(intents: readonly Intent[], context: C): Promise<(() => void | Promise<void>) | undefined>
}

/** Fields of keys that are shown to nobody. */
const secret: ReadonlySet<string> = new Set(['Password', 'Token'])

/** A key as errors show it. */
export function showKey({ storage, entity, fields }: Key): string {
  const parts = [`storage:${storage}`]
  if (entity !== '') parts.push(`entity:${entity}`)
  for (const [name, value] of fields) parts.push(`${name}:${secret.has(name) ? '…' : showValue(value)}`)
  return parts.join(', ').slice(0, 1000)
}

function showValue(value: FieldValue): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (isList(value)) return `${value.length} values`
  if (isQName(value)) return `${value.pkg}.${value.entity}`
  return typeof value === 'object' ? 'null' : String(value).slice(0, 100)
}
