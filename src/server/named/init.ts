import type { FastifyInstance } from 'fastify'
import { initBodyLimit, readInit } from '../init-request.ts'
import { type Registry, webSettings } from '../registry.ts'
import type { Token } from '../token.ts'

/** What {@link initRoutes} works with. */
export interface InitParts {
  readonly registry: Registry
  readonly token: Token
  /** Bytes that posted code may have. */
  readonly code: number
}

interface Named {
  readonly Params: { readonly name?: string }
}

/**
 * `POST /init` and `POST /init/<name>` deploy code, again and again; `DELETE /init/<name>` takes a function away. All of them need the
 * token.
 */
export function initRoutes(app: FastifyInstance, { registry, token, code }: InitParts): void {
  const bodyLimit = initBodyLimit(code)
  const onRequest = (request: { readonly raw: Parameters<Token['check']>[0] }, _: unknown, done: () => void): void => {
    token.check(request.raw)
    done()
  }
  for (const url of ['/init', '/init/:name']) {
    app.post<Named>(url, { bodyLimit, onRequest }, async ({ params: { name = 'default' }, body }, reply) => {
      const init = readInit(bytesOf(body))
      await registry.deploy(name, init.code, webSettings(init.annotations))
      return reply.type('application/json').send('{"ok":true}\n')
    })
    app.delete<Named>(url, { onRequest }, async ({ params: { name = 'default' } }, reply) => {
      await registry.remove(name)
      return reply.type('application/json').send('{"ok":true}\n')
    })
  }
}

const bytesOf = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : new Uint8Array())
