import { applyAll } from './apply.ts'
import { type FieldValue, isQName, type Row, RowReader } from './fields.ts'
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

  /** Adds the intents of a state, where the storages would take them. */
  add(intents: readonly Intent[], context: C): void {
    const changed = this.validate(intents, context)
    this.#context = { value: context }
    for (const [id, intent] of changed) {
      this.#intents.delete(id)
      this.#intents.set(id, intent)
    }
  }

  /**
   * Asks the storages about the intents of a state as they would be applied: what updates something that waits itself becomes a
   * part of that, for the storage has not seen it.
   */
  validate(intents: readonly Intent[], context: C): ReadonlyMap<string, Intent> {
    const changed = new Map<string, Intent>()
    for (const intent of intents) {
      const id = identity(intent.key)
      const before = changed.get(id) ?? this.#intents.get(id)
      changed.set(id, before === undefined ? intent : merged(before, intent))
    }
    applyAll(this.#kind, [...changed.values()], context, 'validate')
    return changed
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
  return typeof value === 'object' ? ['null'] : [typeof value === 'string' ? 'string' : 'scalar', String(value)]
}
