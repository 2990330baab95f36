import { GuestFault } from '../../fault.ts'
import type { Instance } from '../../runtime.ts'
import type { GuestMemory, HookSteps } from '../../units.ts'
import { wasmFunction } from '../../wasm/function.ts'
import type { ParsedDeclaration, ParsedExtensionLimits } from './declaration.ts'
import type { EngineState } from './engine-state.ts'
import { CurrentCall } from './wasm-call.ts'
import { Exchange } from './wasm-exchange.ts'
import { Handles } from './wasm-handles.ts'
import { Intents } from './wasm-intents.ts'
import { KeyBuilders, type Root } from './wasm-key-builders.ts'
import { Names } from './wasm-names.ts'
import { Reads } from './wasm-reads.ts'
import { type Read, Values } from './wasm-values.ts'
import { Waits } from './wasm-waits.ts'

/** The calls of extensions on one instance: how each begins and ends, and what its host functions work on. */
export class Calls {
  readonly call: CurrentCall
  readonly names: Names<Root>
  readonly keyBuilders: KeyBuilders
  readonly keys: Handles<Read> = new Handles('key')
  readonly values: Values
  readonly intents: Intents
  readonly waits: Waits
  readonly reads: Reads
  readonly #instance: () => Instance<'wasm'>
  #exchange: Exchange | undefined

  /** @param waits - whether hooks return promises, so that their guests may be suspended */
  constructor(instance: () => Instance<'wasm'>, limits: ParsedExtensionLimits, waits: boolean) {
    this.#instance = instance
    this.call = new CurrentCall(limits)
    this.names = new Names(() => this.memory)
    this.waits = new Waits(waits ? () => instance().unit.suspension : undefined)
    this.keyBuilders = new KeyBuilders(this.call)
    this.values = new Values(this.call, this.waits)
    this.intents = new Intents(this.call)
    this.reads = new Reads({
      call: this.call,
      keys: this.keys,
      values: this.values.handles,
      waits: this.waits,
      expired: () => instance().unit.expired,
    })
  }

  /** The guest has begun. Called before the checkpoint, which the first exchange buffer is a part of. */
  begin(): void {
    const { unit } = this.#instance()
    this.#exchange = new Exchange(unit, wasmFunction(unit.exports, 'malloc'))
  }

  get memory(): GuestMemory {
    return this.#instance().unit.memory
  }

  get exchange(): Exchange {
    return this.#exchange ?? tooEarly()
  }

  /** What an extension's hook does before and after its guest runs. */
  steps(declared: ParsedDeclaration): HookSteps<EngineState> {
    return {
      begin: (state, again) => this.#start(state, declared, again),
      commit: () => this.intents.commit(this.call.state),
      end: () => this.#end(),
    }
  }

  /** An attempt at a call begins. What it intends reaches the state when it is committed, and never else. */
  #start(state: EngineState, declared: ParsedDeclaration, again: boolean): void {
    if (this.call.used) this.#clear(again)
    if (again && this.call.final) {
      throw new GuestFault(
        'TRAP_OUT_OF_MEMORY',
        'it was refused memory. It is not run once more, since it did what cannot be taken back: rows of a result, a mail or the like',
      )
    }
    this.call.begin(state, declared)
  }

  #end(): void {
    this.call.end()
    if (!this.call.used) return
    this.reads.end()
    this.waits.end()
  }

  #clear(again: boolean): void {
    this.call.clear(again)
    this.keyBuilders.handles.clear()
    this.keys.clear()
    this.values.handles.clear()
    this.intents.clear()
    this.#exchange?.clear()
  }
}

function tooEarly(): never {
  throw new GuestFault('EXTENSION_STORAGE', 'it asked for state before it had begun')
}
