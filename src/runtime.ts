import type { Artifact } from './artifact.ts'
import type { MortiseError } from './errors.ts'
import type { AllLimits, Limit, WrittenLimits } from './limits.ts'
import type { Stay } from './live-instances.ts'
import type {
  AsyncGuard,
  EsmGuard,
  EsmUnit,
  Guard,
  LogLevel,
  NativeUnit,
  ProcessUnit,
  WasmGuard,
  WasmUnit,
} from './units.ts'

/**
 * The runtimes: for each, what a binding gets hold of (its unit), and the limits that it really enforces. A limit that a
 * runtime does not enforce is no option of it.
 */
export interface Kinds {
  wasm: {
    readonly unit: WasmUnit
    readonly guard: WasmGuard
    readonly limits: 'memory' | 'deadline' | 'fuel' | 'output' | 'sleep' | 'restore' | 'start' | 'idle'
  }
  esm: { readonly unit: EsmUnit; readonly guard: EsmGuard; readonly limits: 'output' }
  native: { readonly unit: NativeUnit; readonly guard: Guard; readonly limits: never }
  process: {
    readonly unit: ProcessUnit
    readonly guard: AsyncGuard
    readonly limits: 'deadline' | 'output' | 'concurrency'
  }
}

/** The name of a runtime. */
export type Kind = keyof Kinds

/** One line that a guest wrote. */
export interface LogLine {
  /** The same number on all lines of one call, or of one initialisation, and on no other lines of the plugin. */
  readonly call: number
  readonly source: 'log' | 'stdout' | 'stderr'
  readonly level: LogLevel
  readonly text: string
}

/** Whether calls return at once or a promise. */
export type Mode = 'sync' | 'async'

/** A function of the host or the guest, of any type. */
export type AnyFunction = (...args: never[]) => unknown

/** The limits, as written, that all of several runtimes enforce. */
export type LimitsOf<K extends Kind> = { readonly [L in CommonLimit<K>]?: WrittenLimits[L] }

type CommonLimit<K extends Kind> = (K extends Kind ? (limit: Kinds[K]['limits']) => void : never) extends (
  limit: infer L extends Limit,
) => void
  ? L
  : never

/** The same limits, parsed. */
export type ParsedLimits<K extends Kind> = { readonly [L in Kinds[K]['limits']]?: AllLimits[L] }

/** Something that a module takes or gives, and its type: `func (i32) -> (i32)`, `memory`. */
export interface Port {
  /** The module that it is imported from; absent for an export. */
  readonly module?: string
  readonly name: string
  readonly type: string
}

/** What an artifact asks of its host and offers to it, read from its bytes. */
export interface Surface {
  readonly imports: readonly Port[]
  readonly exports: readonly Port[]
  /** The description of the contract that it was built for, where it carries one. */
  readonly contract?: string
}

/** A way to run artifacts. It turns bytes into instances and never names a contract. */
export interface Runtime<K extends Kind> {
  readonly kind: K
  /**
   * Verifies, rewrites and compiles. Equal bytes under equal limits are compiled once and shared.
   *
   * @param limits - of this plugin, over those of the runtime
   */
  prepare(artifact: Artifact, limits: LimitsOf<K>): Promise<Code<K>>
}

/** An artifact that is ready to be instantiated. */
export interface Code<K extends Kind> {
  readonly digest: string
  readonly surface: Surface
  /** Makes and initialises an instance; it ends with the checkpoint. */
  instantiate(setting: Setting<K>): Promise<Instance<K>>
  /** The same without a wait, where the runtime can: for the call that overlaps another on the only instance. */
  readonly instantiateSync: ((setting: Setting<K>) => Instance<K>) | undefined
  /**
   * How long instances stay, where the runtime can make one for the call that needs it, by `instantiateSync`.
   *
   * @param stateless - the contract says that a guest keeps nothing from one call to the next
   */
  stay?(stateless: boolean): Stay
  /** Ends what preparing began, where no instance was made of it. */
  release?(): Promise<void>
}

/** Where the instances of a plugin count what happens to them. */
export interface Meter {
  /** How many calls have written something: the number of each on its lines. */
  written: number
  restores: number
  /** How many instances were made. */
  starts: number
  /** Units of fuel that all calls burnt. */
  fuel: number
  /** Units of fuel that the last call burnt. */
  lastFuel: number
  failed(error: MortiseError): void
}

/** What one instance is given by the plugin that it is made for. */
export interface Setting<K extends Kind> {
  readonly plugin: string
  readonly config: Readonly<Record<string, string>>
  readonly log: (line: LogLine) => void
  readonly meter: Meter
  /** Whether a hook may be run once more after it was refused memory. */
  readonly pure: boolean
  /** Whether the instance may be restored between any two calls. */
  readonly stateless: boolean
  /** It is run as a whole, by hooks: see `command` of a binding. */
  readonly command: boolean
  /** The module by which guests in JavaScript are called in their process: see `adapter` of a binding. */
  readonly adapter?: string | undefined
  /** The arguments of the guest as a program; the name of the plugin where none are given. */
  readonly args?: readonly string[] | undefined
  /** A call of a hook made with `guard.suspending` has ended, and its instance may be called again. */
  readonly ended?: () => void
  /** The contract's host functions, by module and name; the instance is there once they are called. */
  readonly imports: (
    instance: () => Instance<K>,
    plugin: string,
  ) => Readonly<Record<string, Readonly<Record<string, AnyFunction>>>>
  /** What the contract does with the guest before its first call, on the runtime `wasm` before the checkpoint. */
  readonly initialise?: ((instance: Instance<K>) => void) | undefined
}

/** The two functions of a guest by which its state outlives its version, each where it exports it. */
export interface HandOver {
  /** Calls `dispose`, and gives what it returns, as bytes that `accept` of a guest on the same runtime understands. */
  readonly dispose: (() => Uint8Array | Promise<Uint8Array>) | undefined
  /** Calls `accept` with that. */
  readonly accept: ((state: Uint8Array) => void | Promise<void>) | undefined
}

/** One running copy of an artifact. */
export interface Instance<K extends Kind> {
  readonly unit: Kinds[K]['unit']
  /** It may be called now: it is neither stale nor in a call that may not be entered again. */
  readonly ready: boolean
  /** It was closed, or is dearer to restore than to replace, and is never ready again. */
  readonly stale: boolean
  /** How many calls it has had. */
  readonly calls: number
  readonly guard: Kinds[K]['guard']
  restore(): void
  /** A lease begins or ends: it is not restored between calls until then, but where one fails, and at its end where that is due. */
  lease?(begins: boolean): void
  /** Makes one call under another deadline, in milliseconds; of runtimes where a call can have its own. */
  within?<R>(deadline: number, call: () => R): R
  /** How its guest gives what it keeps to the version behind it, and takes what the one before it kept. */
  readonly handOver?: HandOver
  /** Ends the call that is suspended, if one is, with `PLUGIN_UNPLUGGED`. */
  abandon?(): void
  /** Ends it; no call of it is under way. A runtime that takes its time to clean up says when it has. */
  close(): void | Promise<void>
}
