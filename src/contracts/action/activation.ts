import { type Binding, type Contract, defineContract } from '../../contract.ts'
import { activationOnEsm } from './esm-activation.ts'
import { activationOnProcess } from './process-activation.ts'
import { activationOnWasm } from './wasm-activation.ts'

/** Where an activation runs: at once in WebAssembly, through a promise as an ES module or in a process. */
export interface ActivationBindings {
  readonly wasm: Binding<ActivationHooks, 'wasm', 'sync'>
  readonly esm: Binding<ActivationHooks, 'esm', 'async'>
  readonly process: Binding<ActivationHooks, 'process', 'async'>
}

/** The hook of an action that is run by requests, as a synchronous guest has it. */
export interface ActivationHooks {
  /**
   * Runs one activation.
   *
   * @param request - JSON: `{"value":…}` with the parameters, an object or an array, and whatever else the guest may know of this
   *   activation: `activation_id`, `deadline`, `api_key` and so on
   * @returns the text of the answer as the guest wrote it: whoever serves it checks it
   */
  main(request: string): string
}

/**
 * The contract of an action as a server runs it: text in, text out. Guests are those of the contract `action`; what differs is that
 * the answer is not parsed and printed once more, that parameters and answer may be arrays, and that what a request says beside
 * its parameters reaches the guest for this one activation.
 *
 * - `wasm`: the guest reads it as settings: `activation_id` is `config('__OW_ACTIVATION_ID')`. An answer of nothing is `{}`.
 * - `esm`: `main(parameters, context)`, with `context.activation` and, for the same settings, `context.config`. What is returned as
 *   `undefined` or `null` is answered as `{}`. A promise that is rejected is an application error, `{"error":…}`; what is thrown
 *   before there is a promise is a crash.
 * - `process`: a program gets the request as it is, on one line, as in the ActionLoop protocol. A JavaScript module is called as on `esm`.
 *
 * Calls throw `EVENT_INVALID`, `INPUT_TOO_LARGE`, `GUEST_RESULT`, and whatever a guest on the runtime can fail with. On `process`
 * only JavaScript modules have their requests looked at.
 *
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { activation } from 'mortise/activation'
 * import { wasm } from 'mortise/wasm'
 *
 * async function run(source: Uint8Array): Promise<void> {
 *   await using host = new Mortise({ runtimes: [wasm()] })
 *   const hello = await host.plug('hello', source, activation)
 *   console.log(hello.hooks.main('{"value":{"name":"Mike"},"activation_id":"1"}'))
 * }
 * ```
 */
export const activation: Contract<ActivationHooks, ActivationBindings> = defineContract<ActivationHooks>()({
  name: 'activation',
  pure: true,
  hooks: { main: 1 },
  bindings: { wasm: activationOnWasm, esm: activationOnEsm, process: activationOnProcess },
})
