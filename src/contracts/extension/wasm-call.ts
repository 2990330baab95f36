import { GuestFault } from '../../fault.ts'
import type { ParsedDeclaration, ParsedExtensionLimits } from './declaration.ts'
import { about, type EngineState } from './engine-state.ts'
import type { AnyStorage, StorageSlot } from './kind-parts.ts'
import type { Key } from './storage.ts'
import type { KeyBuilder } from './wasm-key-builder.ts'

/** The call under way on one instance: its state, what its extension declares, and how much it has of what it may have. */
export class CurrentCall {
  readonly #limits: ParsedExtensionLimits
  #state: EngineState | undefined
  #declared: ParsedDeclaration | undefined
  #handles = 0
  #written = 0
  /** Something was done that cannot be taken back, so that it is not run once more. */
  final = false

  constructor(limits: ParsedExtensionLimits) {
    this.#limits = limits
  }

  begin(state: EngineState, declared: ParsedDeclaration): void {
    this.#state = state
    this.#declared = declared
  }

  /** It is over. What it has stays, until another one is to begin. */
  end(): void {
    this.#state = undefined
  }

  /** Another one is to begin, or another attempt at one, which has nothing. */
  clear(again: boolean): void {
    this.#handles = 0
    this.#written = 0
    if (!again) this.final = false
  }

  /** A key goes to its storage. */
  asks(key: KeyBuilder): StorageSlot<AnyStorage<unknown>> {
    const slot = key.share()
    if (slot.acts && slot.storage.acts?.(key) === true) this.final = true
    return slot
  }

  /** The name of the extension that is called. */
  get extension(): string {
    return this.#declared?.name ?? ''
  }

  get state(): EngineState {
    return this.#state ?? early()
  }

  /** It has handles. */
  get used(): boolean {
    return this.#handles > 0
  }

  /** Counts a key, a value or an intent, and ends the call where it has too many. */
  readonly count = (): void => {
    const { handles } = this.#limits
    if (++this.#handles <= handles) return
    throw new GuestFault(
      'EXTENSION_HANDLE',
      `it made more than ${handles} keys, values and intents in one call. Make fewer, or raise the limit 'handles'`,
      { limit: handles },
    )
  }

  /** Counts what it put into keys and intents, and ends the call where that is too much. Less than 0 for what nobody has to keep now. */
  write(bytes: number): void {
    const { written } = this.#limits
    this.#written += bytes
    if (this.#written <= written) return
    throw new GuestFault(
      'EXTENSION_HANDLE',
      `it put more than ${written} bytes into keys and intents in one call. Put less, or raise the limit 'written'`,
      { limit: written },
    )
  }

  /** Ends the call where it may not read what a key stands for. */
  checkState(key: Key): void {
    const state = this.#declared?.state
    if (state !== undefined) declares(state, key, 'state')
  }

  /** The same for what it intends. */
  checkIntents(key: Key): void {
    const intents = this.#declared?.intents
    if (intents !== undefined) declares(intents, key, 'intents')
  }
}

function declares(declared: ReadonlySet<string>, key: Key, what: 'state' | 'intents'): void {
  const { storage, entity } = key
  if (declared.has(storage) || declared.has(`${storage}(${entity})`)) return
  throw new GuestFault(
    'EXTENSION_STORAGE',
    `it uses storage ${storage}${entity === '' ? '' : `(${entity})`}, which is not among its declared ${what}`,
    about(key),
  )
}

function early(): never {
  throw new GuestFault('EXTENSION_STORAGE', 'it asked for state while no extension was called')
}
