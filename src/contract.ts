import type { MortiseError } from './errors.ts'
import type { AnyFunction, Instance, Kind, Mode, Setting, Surface } from './runtime.ts'

/** The custom section in which a module carries the description of the contract that it was built for. */
export const descriptionSection = 'mortise:contract'

/** The hooks of a contract as a plugin offers them: in place, or through a promise. */
export type HooksIn<H, M extends Mode> = {
  readonly [N in keyof H]: H[N] extends (...args: infer A) => infer R
    ? (...args: A) => M extends 'sync' ? R : Promise<Awaited<R>>
    : never
}

/** One contract on one runtime. */
export interface Binding<H, K extends Kind, M extends Mode> {
  readonly mode: M
  /** Every import and export that is missing or has another type, one sentence each, before anything runs. */
  check(surface: Surface): readonly string[]
  /** The contract's host functions, by module and name. */
  readonly imports: Setting<K>['imports']
  /**
   * On the runtime `wasm`: calls the guest once it has initialised itself. What that does to its memory is part of the
   * checkpoint. Default: nothing.
   */
  readonly initialise?: (instance: Instance<K>) => void
  /**
   * On the runtime `wasm`: whether a module is a command, which runs as a whole. Its `_start` is not called when an instance is made,
   * but by a hook with `unit.run`, each time on an instance as it was before. Default: none is.
   */
  readonly command?: (surface: Surface) => boolean
  /**
   * On the runtime `process`: the URL of a module for the process of a guest in JavaScript. It exports `adapt`, which takes what the guest
   * exports and gives the functions that lines may call beside those, by name; what it throws keeps the guest from being loaded.
   */
  readonly adapter?: string
  /** On the runtime `wasm`, for hooks made with `guard.suspending`: how many calls may be under way, and how many may wait for that. */
  readonly overlap?: Overlap
  /**
   * The hooks of one instance, each made with `instance.guard`. Called once per instance. Calls of the guest belong inside a
   * guard: outside of one no deadline holds, and no failure is typed.
   */
  bind(instance: Instance<K>): HooksIn<H, M>
  /** What the guest says once, when it is loaded. Called for the first instance of a version. Default: nothing. */
  readonly values?: (instance: Instance<K>) => unknown
  /**
   * What the calls of a lease are about. `begin` is called before the first of them, with what `lease` of the plugin was given, and
   * `end` after the last. Default: nothing, and `lease` takes nothing.
   */
  readonly leases?: LeaseSteps<K, never>
  /** On the runtime `wasm`: the arguments of the guest as a program. Default: the name of the plugin. */
  readonly args?: readonly string[]
  /** Puts an error of loading, or of making an instance, into the contract's own words. Default: it stays as it is. */
  readonly reword?: (error: MortiseError) => MortiseError
  /** `values` gives nothing, so that no instance is needed for it. Default: it does. */
  readonly silent?: boolean
}

/** How a binding learns what the calls of a lease are about. */
export interface LeaseSteps<K extends Kind, C> {
  /** What it throws refuses the lease. */
  begin(instance: Instance<K>, context: C): void
  end(instance: Instance<K>): void
}

/** How many calls of one plugin may overlap. */
export interface Overlap {
  /** Calls under way, each on an instance of its own. */
  readonly instances: number
  /** Calls beyond those, which wait until one has ended. */
  readonly queue: number
}

/** What the guests of a contract say when they are loaded, on one of several runtimes. */
export type ValuesIn<B, K> = K extends keyof B
  ? B[K] extends { readonly values: (instance: never) => infer V }
    ? Awaited<V>
    : NoValues
  : never

/** The guest says nothing when it is loaded. */
export type NoValues = Readonly<Record<never, never>>

/** What a lease is about, on one of several runtimes. */
export type ContextIn<B, K> = K extends keyof B
  ? B[K] extends { readonly leases: { begin(instance: never, context: infer C): void } }
    ? C
    : NoContext
  : never

/** A lease is about nothing but its calls: a parameter of this type may be left out. */
export type NoContext = void

/** A binding for each runtime that the contract fits. A pair that does not exist has no key. */
export type Bindings<H> = { readonly [K in Kind]?: Binding<H, K, 'sync'> | Binding<H, K, 'async'> }

/** How many parameters each hook has. */
export type HookArity<H> = {
  readonly [N in keyof H]: H[N] extends (...args: infer A) => unknown ? Required<A>['length'] : never
}

/**
 * What host and guest agree on: the hooks that the host calls and the host functions that the guest calls.
 *
 * `H` is the type of the hooks as a synchronous guest has them.
 */
export interface Contract<H, B extends Bindings<H>> {
  readonly name: string
  /** A hook has no effect outside the guest but its result and its logs, so it may be run again. */
  readonly pure: boolean
  /**
   * A guest keeps nothing from one call to the next, so it may be restored between any two: it is when its memory fills up, and
   * a hook that was refused memory is run again. Default: no.
   */
  readonly stateless?: boolean
  /** The hooks, each with the number of its parameters, none of which has a default or is a rest. */
  readonly hooks: HookArity<H>
  readonly bindings: B
}

/** Whether the hooks of a contract wait on one of several runtimes. */
export type ModeOf<B, K> = K extends keyof B
  ? B[K] extends { readonly mode: infer M extends Mode }
    ? M
    : never
  : never

/**
 * Defines a contract, checking that its bindings bind its hooks.
 *
 * @example
 * ```ts
 * import { defineContract } from 'mortise/contract'
 * import { requireSurface, wasmFunction } from 'mortise/wasm'
 *
 * interface Adder {
 *   add(a: number, b: number): number
 * }
 * export const adder = defineContract<Adder>()({
 *   name: 'adder',
 *   pure: true,
 *   hooks: { add: 2 },
 *   bindings: {
 *     wasm: {
 *       mode: 'sync',
 *       check: requireSurface({ exports: { add: 'func (i32, i32) -> (i32)' } }),
 *       imports: () => ({}),
 *       bind: (instance) => ({ add: instance.guard('add', wasmFunction(instance.unit.exports, 'add')) }),
 *     },
 *   },
 * })
 * ```
 */
export function defineContract<H>(): <const B extends Bindings<H>>(contract: Contract<H, B>) => Contract<H, B> {
  return (contract) => Object.freeze(contract)
}

export type { AnyFunction, Instance, Kind, Mode, Surface }
