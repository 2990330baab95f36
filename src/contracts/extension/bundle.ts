import { applyAll } from './apply.ts'
import { type FieldValue, type Row, RowReader } from './fields.ts'
import type { KindParts } from './state-kind.ts'
import type { Intent, Key } from './storage.ts'

/** Intents that wait to be applied together: the last one for each key. */
export class Bundle<C> {
  readonly #kind: KindParts<C>
  readonly #limit: number
  readonly #intents = new Map<string, Intent>()
  #context: { readonly value: C } | undefined

  constructor(kind: KindParts<C>, limit: number) {
    this.#kind = kind
    this.#limit = limit
  }

  /** How many keys wait. */
  get size(): number {
    return this.#intents.size
  }

  /** As many wait as it was made for: flush it. */
  get ready(): boolean {
    return this.#intents.size >= this.#limit
  }

  /**
   * Applies what waits, with the context of the state that was applied last: all or none. It is empty afterwards, also when it
   * throws.
   *
   * @throws MortiseError `INTENTS_NOT_APPLIED`; its cause is what the storage threw
   */
  flush(): void {
    const intents = [...this.#intents.values()]
    this.#intents.clear()
    if (this.#context !== undefined) applyAll(this.#kind, intents, this.#context.value, 'apply')
  }

  /** Adds the intents of a state. An update of what waits itself stays what that is: the storage has not seen it. */
  add(intents: readonly Intent[], context: C): void {
    this.#context = { value: context }
    for (const intent of intents) {
      const id = identity(intent.key)
      const before = this.#intents.get(id)
      this.#intents.delete(id)
      this.#intents.set(id, before === undefined ? intent : merged(before, intent))
    }
  }

  /** The row that waits for a key. */
  find(key: Key): Row | undefined {
    const intent = this.#intents.size === 0 ? undefined : this.#intents.get(identity(key))
    return intent && rowOf(intent)
  }

  /** Whether something of an entity waits. */
  holds({ storage, entity }: Key): boolean {
    return this.#intents.values().some(({ key }) => key.storage === storage && key.entity === entity)
  }
}

function merged(before: Intent, after: Intent): Intent {
  if (after.operation === 'insert') return after
  return { ...before, fields: new Map([...before.fields, ...after.fields]) }
}

/** What a guest reads that asks for what it wrote. */
function rowOf({ row, fields }: Intent): Row {
  if (row instanceof RowReader) return new RowReader((kind, name) => fields.get(name) ?? row.read(kind, name))
  return { ...(Array.isArray(row) ? {} : row), ...Object.fromEntries(fields) }
}

/** Keys with the same of this are equal. */
function identity({ storage, entity, fields }: Key): string {
  const parts = [...fields]
    .map(([name, value]) => [name, printed(value)])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))
  return JSON.stringify([storage, entity, parts])
}

function printed(value: FieldValue): string {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (typeof value === 'object' && value !== null && 'pkg' in value)
    return `QName ${JSON.stringify([value.pkg, 'entity' in value ? value.entity : ''])}`
  // 1 and 1n are the same number in different fields of a key, never in the same one.
  return `${typeof value === 'string' ? 'text' : 'scalar'} ${String(value)}`
}
