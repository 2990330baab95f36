import { GuestFault } from '../../fault.ts'
import type { FieldKind, FieldValue } from './fields.ts'
import type { AnyStorage, KindParts } from './kind-parts.ts'
import type { CurrentCall } from './wasm-call.ts'
import { Handles } from './wasm-handles.ts'
import { KeyBuilder } from './wasm-key-builder.ts'
import { located } from './wasm-located.ts'
import type { Name } from './wasm-names.ts'
import { localEntity } from './wasm-packages.ts'

/** Bytes that a field counts of a key that is copied: its name and its value are shared. */
const entryBytes = 16

/** The key without fields that a name came to in a kind of state: an entity's in a storage, or a storage's alone. */
export interface Root {
  readonly kind: KindParts<AnyStorage<unknown>>
  readonly storage: Name<Root>
  readonly alone: boolean
  readonly key: KeyBuilder
}

/** The keys of the call under way on one instance, by their handles. */
export class KeyBuilders {
  readonly handles: Handles<KeyBuilder> = new Handles('key builder')
  readonly #call: CurrentCall

  constructor(call: CurrentCall) {
    this.#call = call
  }

  /** Begins a key. Until the guest puts something in, it is the one of the last call that began the same. */
  begin(storage: Name<Root>, entity: Name<Root> | undefined): number {
    const { kind } = this.#call.state
    const name = entity ?? storage
    const alone = entity === undefined
    const known = name.memo
    const fits = known !== undefined && known.kind === kind && known.storage === storage && known.alone === alone
    const root = fits ? known : (name.memo = { kind, storage, alone, key: this.#key(storage.text, entity?.text ?? '') })
    this.#call.count()
    return this.handles.add(root.key.typed ? this.#typed(root) : root.key)
  }

  /** A key that is to be read. */
  read(handle: number): KeyBuilder {
    const key = this.handles.get(handle)
    this.#call.checkState(key)
    return key
  }

  /** A key that is to be written to. */
  write(handle: number): KeyBuilder {
    const key = this.handles.get(handle)
    this.#call.checkIntents(key)
    return key
  }

  put(handle: number, kind: FieldKind, name: string, value: FieldValue): void {
    const key = this.#unshared(handle)
    try {
      key.put(kind, name, value)
    } catch (thrown) {
      located(thrown, key)
    }
  }

  #key(storage: string, entity: string): KeyBuilder {
    const { kind } = this.#call.state
    const slot = kind.storages.get(storage)
    if (slot === undefined && storage.split('.').length !== 2)
      throw new GuestFault('EXTENSION_NAME', `convert error: string «${storage}» to qualified name`)
    const local = entity === '' ? '' : localEntity(kind, entity)
    if (slot === undefined) throw new GuestFault('EXTENSION_STORAGE', `${storage}: unknown storage`, { storage })
    return new KeyBuilder(slot, local, undefined, true)
  }

  /** The same with the fields that its storage says it may have, in the state of the call. */
  #typed({ key }: Root): KeyBuilder {
    const slot = key.share()
    return new KeyBuilder(slot, key.entity, this.#call.state.keyFields(slot, key.entity), false)
  }

  #unshared(handle: number): KeyBuilder {
    const key = this.handles.get(handle)
    if (!key.shared) return key
    const copy = key.copy()
    // The one before is kept with what came of it.
    this.#call.write(key.fields.size * entryBytes)
    this.handles.set(handle, copy)
    return copy
  }
}
