import type { ServerResponse } from 'node:http'
import { Listener } from '../listener.ts'

/** `/healthz`: the process works. `/readyz`: it takes requests, and knows the nodes. `undefined` for any other path. */
export function healthOf(
  path: string,
  ready: () => boolean,
): { readonly status: number; readonly body: string } | undefined {
  if (path === '/healthz') return { status: 200, body: '{"ok":true}\n' }
  if (path !== '/readyz') return undefined
  const ok = ready()
  return { status: ok ? 200 : 503, body: `{"ok":${ok}}\n` }
}

/** Tells nothing but health, without encryption and to anybody: a kubelet has no certificate to show. */
export class HealthPort implements AsyncDisposable {
  readonly #listener: Listener
  readonly url: string

  private constructor(listener: Listener, url: string) {
    this.#listener = listener
    this.url = url
  }

  static async open(
    place: { readonly host: string; readonly port: number },
    ready: () => boolean,
  ): Promise<HealthPort> {
    const listener = await Listener.make()
    listener.server.on('request', ({ url = '' }, response: ServerResponse) => {
      const { status, body } = healthOf(url, ready) ?? { status: 404, body: '{}\n' }
      response.writeHead(status, { 'content-type': 'application/json' }).end(body)
    })
    return new HealthPort(listener, await listener.listen(place))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.drain(0)
  }
}
