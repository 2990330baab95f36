import { ExtensionTest } from './extension-test.ts'
import type { FederationAnswer, FederationRequest } from './federation.ts'
import type { Answering, HttpAnswer, HttpRequest } from './http.ts'

/** A test of an extension that may ask others. What it asks is in the outcome of the run. */
export abstract class WebTest extends ExtensionTest {
  /**
   * A server answers, for `sys.Http`. A request without an answer ends the call.
   *
   * @param request - a URL, or `POST https://api.example.com/mails` for one method only
   * @param answer - `status` (200), `headers`, `body` (empty); or `error`, why none comes; or a function of the request that gives one
   */
  http(request: string, answer: Answering<HttpRequest, HttpAnswer>): this {
    return this.with({ http: [...this.given.http, { request, answer }] })
  }

  /**
   * Another instance carries out a command, for `sys.FederationCommand`. A command without an answer ends the call.
   *
   * @param command - its name, such as `app.NewOrder`
   * @param answer - `status` (200), `newIDs`, `result`; or a function of the request that gives one
   */
  federation(command: string, answer: Answering<FederationRequest, FederationAnswer>): this {
    return this.with({ federation: [...this.given.federation, { command, answer }] })
  }

  /** Another instance has a blob in a field of a record, for `sys.FederationBlob`. */
  blob(record: string, id: number | bigint, field: string, bytes: Uint8Array): this {
    return this.with({ blobs: [...this.given.blobs, { record, id: BigInt(id), field, bytes }] })
  }
}
