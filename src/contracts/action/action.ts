import { type Binding, type Contract, defineContract } from '../../contract.ts'
import type { JsonObject } from './json.ts'
import { actionOnEsm } from './esm.ts'
import { actionOnProcess } from './process.ts'
import { actionOnWasm } from './wasm.ts'

/** Where an action runs: at once in WebAssembly, through a promise as an ES module or in a process. */
export interface ActionBindings {
  readonly wasm: Binding<ActionHooks, 'wasm', 'sync'>
  readonly esm: Binding<ActionHooks, 'esm', 'async'>
  readonly process: Binding<ActionHooks, 'process', 'async'>
}

/** The hooks of an action, as a synchronous guest has them. */
export interface ActionHooks {
  /**
   * Handles one event.
   *
   * @param event - a JSON object
   * @returns a JSON object; `{ error }` where the guest says that it could not do what was asked
   */
  main(event: JsonObject): JsonObject
}

/**
 * The contract of an action: `main(event) → result`, JSON objects both ways, as in Apache OpenWhisk.
 *
 * An application error is a value: what a guest says with `fail(message)` comes back as `{ error: message }`, and the
 * guest keeps its state. A crash is an error: it is thrown, and the guest is restored.
 *
 * Calls throw `EVENT_INVALID`, `INPUT_TOO_LARGE`, `GUEST_RESULT`, and whatever a guest on the runtime can fail with.
 *
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { action } from 'mortise/action'
 * import { wasm } from 'mortise/wasm'
 *
 * async function greet(source: Uint8Array): Promise<void> {
 *   await using host = new Mortise({ runtimes: [wasm()] })
 *   const hello = await host.plug('hello', source, action)
 *   console.log(hello.hooks.main({ name: 'Mike' }))
 * }
 * ```
 */
export const action: Contract<ActionHooks, ActionBindings> = defineContract<ActionHooks>()({
  name: 'action',
  pure: true,
  hooks: { main: 1 },
  bindings: { wasm: actionOnWasm, esm: actionOnEsm, process: actionOnProcess },
})

export { start, type StartOptions } from './start.ts'
export type { ActionFunction } from './run.ts'
export type { Json, JsonObject } from './json.ts'
