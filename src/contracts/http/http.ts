import { type Binding, type Contract, defineContract } from '../../contract.ts'
import { contract } from '../typed/contract.ts'
import { checkingAnswers, checkingResponses } from './check.ts'
import { typedHooks } from './definition.ts'
import { httpOnEsm } from './esm.ts'

/** A request as a server got it. */
export interface HttpRequest {
  /** In capitals: `GET`. */
  readonly method: string
  /** The request target: a path with its query, or a whole URL. */
  readonly uri: string
  /** Names and values, in the order of the request; a name may come more than once. */
  readonly headers: HttpHeaders
  /** Empty where there is none. */
  readonly body: Uint8Array
}

/** An answer that a server can send as it is. */
export interface HttpResponse {
  /** 200 to 599. */
  readonly status: number
  readonly headers: HttpHeaders
  readonly body: Uint8Array
}

/** Headers by name and value. */
export type HttpHeaders = readonly (readonly [name: string, value: string])[]

/** The hooks of a guest that answers HTTP requests, as a synchronous guest has them. */
export interface HttpHooks {
  /** Answers one request. */
  fetch(request: HttpRequest): HttpResponse
}

export { start, type StartOptions } from './start.ts'

/** Where it runs: at once in WebAssembly, through a promise as an ES module or in a process. */
export interface HttpBindings {
  readonly wasm: Binding<HttpHooks, 'wasm', 'sync'>
  readonly esm: Binding<HttpHooks, 'esm', 'async'>
  readonly process: Binding<HttpHooks, 'process', 'async'>
}

const typed = contract('http', typedHooks)

/**
 * The contract of a guest that answers HTTP requests: `fetch(request) → response`, each whole, with its body as bytes.
 *
 * On `wasm` it is a typed contract, called by the component model's canonical ABI: the export `fetch` takes method, URI, headers
 * and body. On `esm`, and on `process` as far as that runs JavaScript, it is what servers for JavaScript have agreed on, `export
 * default { fetch(request, context) }` with the `Request` and `Response` of the Fetch standard, or, where there is none, `export
 * function Handler(request, response)` with the classes of `node:http`. Other programs read and write a line of JSON for each request.
 *
 * A response has a status of 200 to 599, headers that HTTP allows, and no body where its status has none: whatever a guest
 * answers, a server can send it. Calls throw `INPUT_INVALID` for a request that is none, `GUEST_RESULT`, `OUTPUT_LIMIT` for a body
 * of more than 16 MiB from JavaScript, and whatever a guest on the runtime can fail with.
 *
 * @example
 * ```ts
 * import { Mortise } from 'mortise'
 * import { esm } from 'mortise/esm'
 * import { http } from 'mortise/http'
 *
 * await using host = new Mortise({ runtimes: [esm()] })
 * const source = Buffer.from('export default { fetch: (request) => Response.json({ path: new URL(request.url).pathname }) }')
 * const { hooks } = await host.plug('site', source, http)
 * const { status, body } = await hooks.fetch({ method: 'GET', uri: '/hello', headers: [], body: new Uint8Array() })
 * console.log(status, new TextDecoder().decode(body))
 * ```
 */
export const http: Contract<HttpHooks, HttpBindings> = defineContract<HttpHooks>()({
  name: 'http',
  pure: false,
  hooks: { fetch: 1 },
  bindings: {
    wasm: { ...typed.bindings.wasm, bind: (instance) => typed.bindings.wasm.bind(checkingResponses(instance)) },
    esm: httpOnEsm,
    process: {
      ...typed.bindings.process,
      adapter: new URL(`./process-guest${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href,
      bind: (instance) => typed.bindings.process.bind(checkingAnswers(instance)),
    },
  },
})
