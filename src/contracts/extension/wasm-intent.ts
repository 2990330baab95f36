import { checkField, type FieldKind, type FieldTypes, type FieldValue, type Row } from './fields.ts'
import type { Intent, Key } from './storage.ts'

const none: ReadonlyMap<string, FieldValue> = new Map()

/** An intent as the guest builds it, until its call has ended. */
export class IntentBuilder implements Intent {
  readonly operation: Intent['operation']
  readonly key: Key
  readonly row: Row | undefined
  fields: ReadonlyMap<string, FieldValue> = none
  readonly types: FieldTypes | undefined
  #own: Map<string, FieldValue> | undefined

  constructor(key: Key, row: Row | undefined, types: FieldTypes | undefined) {
    this.operation = row === undefined ? 'insert' : 'update'
    this.key = key
    this.row = row
    this.types = types
  }

  /** Puts a field in. */
  put(kind: FieldKind, name: string, value: FieldValue): void {
    checkField(this.types, name, kind)
    this.#own ??= new Map()
    this.#own.set(name, value)
    this.fields = this.#own
  }
}
