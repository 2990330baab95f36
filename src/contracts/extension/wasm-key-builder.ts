import { GuestFault } from '../../fault.ts'
import { checkField, type FieldKind, type FieldTypes, type FieldValue, isList } from './fields.ts'
import type { AnyStorage, StorageSlot } from './kind-parts.ts'
import type { Key } from './storage.ts'

const none: ReadonlyMap<string, FieldValue> = new Map()

/** So many texts a field has at most that takes several. */
const mostTexts = 1000

/** A key as the guest builds it. Once a storage has it, it stays as it is, and what the guest puts in goes into a copy. */
export class KeyBuilder implements Key {
  readonly storage: string
  readonly entity: string
  fields: ReadonlyMap<string, FieldValue> = none
  readonly #slot: StorageSlot<AnyStorage<unknown>>
  readonly #types: FieldTypes | undefined
  #own: Map<string, FieldValue> | undefined
  #shared: boolean

  /** @param shared - somebody outside of the guest has it already, or may */
  constructor(slot: StorageSlot<AnyStorage<unknown>>, entity: string, types: FieldTypes | undefined, shared: boolean) {
    this.storage = slot.name
    this.entity = entity
    this.#slot = slot
    this.#types = types
    this.#shared = shared
  }

  /** Somebody outside the guest has it. */
  get shared(): boolean {
    return this.#shared
  }

  /** Its storage says what fields it may have. */
  get typed(): boolean {
    return this.#slot.storage.keyFields !== undefined
  }

  /** Its storage, which gets it. */
  share(): StorageSlot<AnyStorage<unknown>> {
    this.#shared = true
    return this.#slot
  }

  /** Puts a field in. */
  put(kind: FieldKind, name: string, value: FieldValue): void {
    checkField(this.#types, name, kind)
    this.#own ??= new Map(this.fields)
    this.#own.set(name, this.#types?.[name] === 'string[]' ? this.#longer(name, value) : value)
    this.fields = this.#own
  }

  #longer(name: string, value: FieldValue): readonly FieldValue[] {
    const before = this.fields.get(name) ?? []
    const list = isList(before) ? before : [before]
    if (list.length < mostTexts) return [...list, value]
    throw new GuestFault('EXTENSION_FIELD', `${name} has ${mostTexts} texts already`, { field: name, limit: mostTexts })
  }

  /** What the guest goes on with after a storage got this one. */
  copy(): KeyBuilder {
    const copy = new KeyBuilder(this.#slot, this.entity, this.#types, false)
    copy.fields = this.fields
    return copy
  }
}
