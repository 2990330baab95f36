import { checkField, type FieldKind, type FieldTypes, type FieldValue, type Row } from './fields.ts'
import type { Intent, Key } from './storage.ts'

const none: ReadonlyMap<string, FieldValue> = new Map()

/** An intent as the guest builds it, until its call has ended. */
export class IntentBuilder implements Intent {
  readonly key: Key
  readonly row: Row | undefined
  readonly #types: FieldTypes | undefined
  #fields: Map<string, FieldValue> | undefined

  constructor(key: Key, row: Row | undefined, types: FieldTypes | undefined) {
    this.key = key
    this.row = row
    this.#types = types
  }

  get operation(): Intent['operation'] {
    return this.row === undefined ? 'insert' : 'update'
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
}
