import type { FastifyInstance } from 'fastify'
import type { Listener } from './listener.ts'

/** Paths that anybody may ask: who looks after a machine asks by its address. They tell nothing but that, and which versions are live. */
export const healthPaths: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/** What is live by name: the number of its version. */
export type LiveVersions = () => Readonly<Record<string, number>>

/** `/healthz`: the process works, with the versions of its sites. `/readyz`: it takes requests, and does no longer once it is about to end. */
export function healthRoutes(app: FastifyInstance, listener: Listener, versions: LiveVersions): void {
  app.get('/healthz', (_, reply) => {
    const live = versions()
    const said = Object.keys(live).length === 0 ? {} : { versions: live }
    return reply.type('application/json').send(`${JSON.stringify({ ok: true, ...said })}\n`)
  })
  app.get('/readyz', (_, reply) => {
    const ready = !listener.draining
    return reply
      .code(ready ? 200 : 503)
      .type('application/json')
      .send(`{"ok":${ready}}\n`)
  })
}
