import { Agent, errors, request } from 'undici'

/** What came back: a reply, or nothing. */
export type Reply =
  | { readonly status: number; readonly body: string; readonly headers: Readonly<Record<string, string>> }
  | 'closed'
  | 'nothing'

/** Asks a runtime, over connections that are kept for the next request. */
export class Client implements AsyncDisposable {
  readonly #agent = new Agent({ connections: 128, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  /** @param patience - milliseconds after which it is taken for silent */
  async ask(
    path: string,
    body: string,
    { method = 'POST', type = 'application/json', patience = 20_000 } = {},
  ): Promise<Reply> {
    const signal = AbortSignal.timeout(patience)
    try {
      const reply = await request(this.#url + path, {
        method,
        body,
        headers: { 'content-type': type },
        dispatcher: this.#agent,
        signal,
      })
      const headers = Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]))
      return { status: reply.statusCode, body: await reply.body.text(), headers }
    } catch (error) {
      if (signal.aborted) return 'nothing'
      if (error instanceof errors.SocketError) return 'closed'
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy()
  }
}
