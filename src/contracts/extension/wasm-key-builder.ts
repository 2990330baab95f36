import { checkField, type FieldKind, type FieldTypes, type FieldValue } from './fields.ts'
import type { StorageSlot } from './state-kind.ts'
import type { Key } from './storage.ts'

const none: ReadonlyMap<string, FieldValue> = new Map()

/** A key as the guest builds it. Once a storage has it, it stays as it is, and what the guest puts in goes into a copy. */
export class KeyBuilder implements Key {
  readonly slot: StorageSlot<unknown>
  readonly entity: string
  /** Somebody outside the guest has it. */
  shared = false
  readonly #types: FieldTypes | undefined
  #fields: Map<string, FieldValue> | undefined

  constructor(slot: StorageSlot<unknown>, entity: string, types: FieldTypes | undefined) {
    this.slot = slot
    this.entity = entity
    this.#types = types
  }

  get storage(): string {
    return this.slot.name
  }

  get fields(): ReadonlyMap<string, FieldValue> {
    return this.#fields ?? none
  }

  /** Puts a field in. */
  put(kind: FieldKind, name: string, value: FieldValue): void {
    checkField(this.#types, name, kind)
    this.#fields ??= new Map()
    this.#fields.set(name, value)
  }

  /** What the guest goes on with after a storage got this one. */
  copy(): KeyBuilder {
    const copy = new KeyBuilder(this.slot, this.entity, this.#types)
    copy.#fields = new Map(this.fields)
    return copy
  }
}
