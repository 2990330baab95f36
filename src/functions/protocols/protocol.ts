import type { Source } from '../../artifact.ts'
import type { Mortise } from '../../host.ts'
import type { HandOver, LimitsOf } from '../../runtime.ts'

/** What is served: a contract, as it is called on each runtime. `Q` is what a guest is asked, `A` what it answers. */
export interface Protocol<Q, A> {
  /** By this name threads know it too. */
  readonly name: ProtocolName
  /** When an activation has to have ended, as its request says: milliseconds since 1970, or `Infinity`. */
  deadlineOf(request: Q): number
  onWasm(host: Mortise<'wasm'>, name: string, source: Source, options: WasmPlug): Promise<Inline<Q, A>>
  onEsm(host: Mortise<'esm'>, name: string, source: Source, options: Plug): Promise<Plugged<Q, A>>
  onProcess(host: Mortise<'process'>, name: string, source: Source, options: Plug): Promise<Plugged<Q, A>>
}

export type ProtocolName = 'activation' | 'http'

/** How a guest is plugged. */
export interface Plug {
  readonly config: Readonly<Record<string, string>>
  /** What is over its time is not waited for. */
  readonly drain: 0
}

export interface WasmPlug {
  readonly config: Readonly<Record<string, string>>
  readonly limits: LimitsOf<'wasm'>
}

/** A guest that answers when it can. */
export interface Plugged<Q, A> {
  readonly digest: string
  /** How its state outlives its version. */
  readonly handOver?: HandOver | undefined
  call(request: Q): Promise<A>
}

/** A guest on this thread. */
export interface Inline<Q, A> {
  readonly digest: string
  call(request: Q): A
  /** The same in another time than it was plugged with, in milliseconds. */
  within(milliseconds: number, request: Q): A
}
