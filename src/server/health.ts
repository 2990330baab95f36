import type { FastifyInstance } from 'fastify'
import type { Listener } from './listener.ts'

/** Paths that anybody may ask: who looks after a machine asks by its address. They tell nothing but that. */
export const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/** `/healthz`: the process works. `/readyz`: it takes requests, and does no longer once it is about to end. */
export function healthRoutes(app: FastifyInstance, listener: Listener): void {
  app.get('/healthz', (_, reply) => reply.type('application/json').send('{"ok":true}\n'))
  app.get('/readyz', (_, reply) => {
    const ready = !listener.draining
    return reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(`{"ok":${ready}}\n`)
  })
}
