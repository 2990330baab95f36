import { GuestFault } from '../../fault.ts'
import type { Instance } from '../../runtime.ts'
import type { GuestMemory, HookSteps } from '../../units.ts'
import { wasmFunction } from '../../wasm/function.ts'
import type { ParsedDeclaration, ParsedExtensionLimits } from './declaration.ts'
import {
  type FieldKind,
  type FieldValue,
  type QName,
  readElement,
  readField,
  type Reading,
  type Row,
} from './fields.ts'
import { about, type EngineState, rowOrNone, storageFailed } from './engine-state.ts'
import type { AnyStorage, StorageSlot } from './kind-parts.ts'
import { showKey } from './storage.ts'
import { Emission } from './wasm-emission.ts'
import { Exchange } from './wasm-exchange.ts'
import { Handles } from './wasm-handles.ts'
import { IntentBuilder } from './wasm-intent.ts'
import { KeyBuilder } from './wasm-key-builder.ts'
import { Names } from './wasm-names.ts'
import { type Read, Reads } from './wasm-reads.ts'
import { Waits } from './wasm-waits.ts'

/** Bytes that a field counts of a key that is copied: its name and its value are shared. */
const entryBytes = 16

/** The calls of extensions on one instance: the state of the one under way, and what its handles stand for. */
export class Calls {
  readonly names: Names
  readonly keyBuilders: Handles<KeyBuilder> = new Handles('key builder')
  readonly keys: Handles<Read> = new Handles('key')
  readonly values: Handles<Read> = new Handles('value')
  readonly intents: Handles<IntentBuilder> = new Handles('intent')
  readonly waits: Waits
  readonly reads: Reads = new Reads(this)
  /** The guest has a function for the rows of a read. */
  takesRows = false
  readonly #instance: () => Instance<'wasm'>
  readonly #limits: ParsedExtensionLimits
  #exchange: Exchange | undefined
  #state: EngineState | undefined
  #declared: ParsedDeclaration | undefined
  #written = 0
  /** What goes to a storage that takes it at once, as soon as the guest is done with it. */
  readonly #emission = new Emission()
  /** There are handles: every one begins with a key. */
  #used = false

  /** @param waits - whether hooks return promises, so that their guests may be suspended */
  constructor(instance: () => Instance<'wasm'>, limits: ParsedExtensionLimits, waits: boolean) {
    this.#instance = instance
    this.#limits = limits
    this.waits = new Waits(waits ? () => instance().unit.suspension : undefined)
    this.names = new Names(() => this.memory)
  }

  /** The guest has begun. Called before the checkpoint, which the first exchange buffer is a part of. */
  begin(): void {
    this.#exchange = new Exchange(this.memory, wasmFunction(this.#instance().unit.exports, 'malloc'))
  }

  /** The name of the extension that is called. */
  get extension(): string {
    return this.#declared?.name ?? ''
  }

  get memory(): GuestMemory {
    return this.#instance().unit.memory
  }

  get exchange(): Exchange {
    return this.#exchange ?? early()
  }

  /** What an extension's hook does before and after its guest runs. */
  steps(declared: ParsedDeclaration): HookSteps<EngineState> {
    return {
      begin: (state, again) => this.#start(state, declared, again),
      commit: () => this.#commit(),
      end: () => this.#end(),
    }
  }

  /** An attempt at a call begins. What it intends reaches the state when it is committed, and never else. */
  #start(state: EngineState, declared: ParsedDeclaration, again: boolean): void {
    if (this.#used) this.#reset(again)
    if (again && this.#emission.begun) {
      throw new GuestFault(
        'TRAP_OUT_OF_MEMORY',
        'it was refused memory. It is not run once more, since rows of its result were handed on already',
      )
    }
    this.#state = state
    this.#declared = declared
  }

  /** The guest has ended well. */
  #commit(): void {
    if (!this.#used || this.intents.count === 0) return
    const { state, intents } = this
    this.#emission.emit(state)
    const { handle: emitted } = this.#emission
    const kept = intents.count - (emitted === undefined ? 0 : 1)
    if (kept > 0) state.admit(intents.get(0).key, kept)
    for (let handle = 0; handle < intents.count; handle++) {
      if (handle !== emitted) state.add(intents.get(handle))
    }
  }

  /** The attempt is over. */
  #end(): void {
    this.#state = undefined
    if (!this.#used) return
    this.reads.end()
    this.waits.end()
  }

  /** The call was told to end. */
  get expired(): boolean {
    return this.#instance().unit.expired
  }

  getKey(storage: string, entity: string): number {
    const state = this.state
    const slot = state.kind.storages.get(storage)
    if (slot === undefined && storage.split('.').length !== 2)
      throw new GuestFault('EXTENSION_NAME', `convert error: string «${storage}» to qualified name`)
    const local = entity === '' ? '' : this.#localEntity(entity)
    if (slot === undefined) throw new GuestFault('EXTENSION_STORAGE', `${storage}: unknown storage`, { storage })
    if (this.#used) this.limited()
    else this.#use()
    const types = slot.storage.keyFields === undefined ? undefined : state.keyFields(slot, local)
    return this.keyBuilders.add(new KeyBuilder(slot, local, types))
  }

  /** The value of a key; −1 where there is none. */
  query(handle: number): number {
    return this.#ask(handle, false)
  }

  /** The value of a key, which has to be there. */
  get(handle: number): number {
    return this.#ask(handle, true)
  }

  /** Begins a read; `reads` goes through its rows. */
  read(handle: number): void {
    const key = this.#keyFor(handle, 'state')
    if (!this.takesRows)
      throw new GuestFault(
        'EXTENSION_STORAGE',
        "it reads rows, and exports neither 'WasmOnReadValue' nor 'mortise_on_read_value'",
      )
    this.reads.begin(key, this.state.read(key.share(), key, this.waits.call))
  }

  /** Begins an intent. @param value - the handle of what is updated */
  intend(handle: number, value?: number): number {
    const key = this.#keyFor(handle, 'intents')
    const row = value === undefined ? undefined : this.values.get(value).row
    const slot = key.share()
    const kept = this.intents.count - (this.#emission.handle === undefined ? 0 : 1)
    const types = this.state.begin(slot, key, row, kept)
    const builder = new IntentBuilder(key, row, types)
    if (row === undefined && slot.storage.emit !== undefined) return this.#emitting(slot, builder)
    this.limited()
    return this.intents.add(builder)
  }

  /** Puts a field into a key builder (`target` 0) or an intent. @param bytes - how many it takes, with its name */
  put(handle: number, target: number, kind: FieldKind, name: string, value: FieldValue, bytes: number): void {
    const into = target === 0 ? this.#unshared(handle) : this.intents.get(handle)
    this.#written += bytes
    if (this.#emission.handle === handle) this.#emission.put(into, bytes)
    if (this.#written > this.#limits.written) {
      const { written } = this.#limits
      throw new GuestFault(
        'EXTENSION_HANDLE',
        `it put more than ${written} bytes into keys and intents in one call. Put less, or raise the limit 'written'`,
        { limit: written },
      )
    }
    try {
      into.put(kind, name, value)
    } catch (thrown) {
      this.#located(thrown, into instanceof KeyBuilder ? into : into.key)
    }
  }

  /** A field of a key or a value. */
  field<T>({ row, key }: Read, name: string, reading: Reading<T>): T {
    try {
      return readField(row, name, reading)
    } catch (thrown) {
      return this.#located(thrown, key)
    }
  }

  /** An element of a list. */
  element<T>({ row, key }: Read, index: number, reading: Reading<T>): T {
    try {
      return readElement(row, index, reading)
    } catch (thrown) {
      return this.#located(thrown, key)
    }
  }

  /** A row inside a row, as a value of its own. */
  nested(row: Row | undefined, { key }: Read): number {
    return row === undefined ? -1 : this.#read(row, key)
  }

  /** A package's full path, for the guest. */
  fullPackage({ pkg }: QName): string {
    const { full } = this.state.kind
    return full === undefined || pkg === '' ? pkg : (full.get(pkg) ?? undefinedPackage(pkg))
  }

  /** A package's local name, for the host. */
  localPackage(path: string): string {
    const { local } = this.state.kind
    return local === undefined || path === '' ? path : (local.get(path) ?? undefinedPackage(path))
  }

  get state(): EngineState {
    return this.#state ?? early()
  }

  /** Ends the call where it has too many handles. */
  readonly limited = (): void => {
    const { handles } = this.#limits
    if (this.keyBuilders.count + this.values.count + this.intents.count < handles) return
    throw new GuestFault(
      'EXTENSION_HANDLE',
      `it made more than ${handles} keys, values and intents in one call. Make fewer, or raise the limit 'handles'`,
      { limit: handles },
    )
  }

  #ask(handle: number, must: boolean): number {
    const key = this.#keyFor(handle, 'state')
    const { state } = this
    const answer = state.query(key.share(), key, this.waits.call)
    if (state.waits && answer instanceof Promise)
      return this.waits.later(answer, key, (row) => this.#answer(rowOrNone(row, key), key, must))
    return this.#answer(rowOrNone(answer, key), key, must)
  }

  #answer(row: Row | undefined, key: KeyBuilder, must: boolean): number {
    if (row !== undefined) return this.#read(row, key)
    return must ? this.#absent(key) : -1
  }

  #absent(key: KeyBuilder): never {
    throw new GuestFault(
      'EXTENSION_ABSENT',
      `state ${this.state.kind.name}, key {${showKey(key)}}: not exists`,
      about(key),
    )
  }

  /** Begins what is taken at once. All of it has one handle, so that there may be any number. */
  #emitting(slot: StorageSlot<AnyStorage<unknown>>, builder: IntentBuilder): number {
    this.#written -= this.#emission.emit(this.state)
    this.#emission.next(slot, builder)
    const { handle } = this.#emission
    if (handle === undefined) {
      this.limited()
      return (this.#emission.handle = this.intents.add(builder))
    }
    this.intents.set(handle, builder)
    return handle
  }

  #use(): void {
    this.#used = true
    this.exchange.begin(this.#instance().unit.restores)
  }

  #reset(again: boolean): void {
    this.#used = false
    if (!again) this.#emission.begun = false
    this.keyBuilders.clear()
    this.keys.clear()
    this.values.clear()
    this.intents.clear()
    this.#emission.clear()
    this.#written = 0
  }

  #read(row: Row, key: KeyBuilder): number {
    this.limited()
    return this.values.add({ row, key })
  }

  /** A key that goes to a storage, if the extension declares that it uses that. */
  #keyFor(handle: number, what: 'state' | 'intents'): KeyBuilder {
    const key = this.keyBuilders.get(handle)
    const declared = this.#declared?.[what]
    if (declared !== undefined && !declared.has(key.storage) && !declared.has(`${key.storage}(${key.entity})`)) {
      throw new GuestFault(
        'EXTENSION_STORAGE',
        `it uses storage ${key.storage}${key.entity === '' ? '' : `(${key.entity})`}, which is not among its declared ${what}`,
        about(key),
      )
    }
    return key
  }

  #unshared(handle: number): KeyBuilder {
    const key = this.keyBuilders.get(handle)
    if (!key.shared) return key
    const copy = key.copy()
    // The one before is kept with what came of it.
    this.#written += key.fields.size * entryBytes
    this.keyBuilders.set(handle, copy)
    return copy
  }

  #localEntity(entity: string): string {
    const dot = entity.lastIndexOf('.')
    if (dot < 0) throw new GuestFault('EXTENSION_NAME', `convert error: string «${entity}» to QName`)
    const { local } = this.state.kind
    return local === undefined ? entity : `${this.localPackage(entity.slice(0, dot))}${entity.slice(dot)}`
  }

  #located(thrown: unknown, key: KeyBuilder | IntentBuilder['key']): never {
    // A guest may have left no room on the stack.
    if (thrown instanceof RangeError) throw thrown
    if (!(thrown instanceof GuestFault)) return storageFailed(thrown, key)
    const { storage } = key
    throw new GuestFault(thrown.code, `${thrown.message} (storage ${storage})`, { ...thrown.details, ...about(key) })
  }
}

function early(): never {
  throw new GuestFault('EXTENSION_STORAGE', 'it asked for state while no extension was called')
}

function undefinedPackage(path: string): never {
  throw new GuestFault('EXTENSION_NAME', `undefined package: ${path}`)
}
