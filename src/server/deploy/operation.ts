import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Access, Caller } from './access.ts'
import type { Role } from './tokens.ts'

/** A JSON schema. */
export type Schema = Readonly<Record<string, unknown>>

/** What a request may hold beside its path. */
export interface Holding {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

/** Of an operation on a plugin. */
export interface Named {
  readonly params: { readonly name: string }
}

/** A request whose parts fit the schemas of its operation. */
export type Valid<H extends Holding> = Pick<H, 'params' | 'query' | 'body'> & { readonly raw: IncomingMessage }

/** One operation of the API: how it is reached, what it takes, what it answers. */
export interface OperationSettings<H extends Holding> {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** As Fastify has it: `/v1/plugins/:name`. */
  readonly url: string
  readonly summary: string
  /** One of these roles is needed. */
  readonly roles: readonly Role[]
  readonly params?: Schema
  readonly query?: Schema
  /** What its body is, where it is JSON. */
  readonly body?: Schema
  /** What its answer is, where it is JSON. */
  readonly answer?: Schema
  readonly run: (request: Valid<H>, caller: Caller, reply: FastifyReply) => Promise<unknown>
}

/** An operation that can be offered, and described. */
export interface Operation extends Omit<OperationSettings<Holding>, 'run'> {
  offer(app: FastifyInstance, access: Access): void
}

/** Makes an operation of which requests are validated by the very schemas that describe it. */
export function operation<H extends Holding>(settings: OperationSettings<H>): Operation {
  const { run, ...described } = settings
  return {
    ...described,
    offer(app, access) {
      const { method, url, params, query, body, roles } = described
      const callers = new WeakMap<object, Caller>()
      app.route({
        method,
        url,
        schema: { ...(params && { params }), ...(query && { querystring: query }), ...(body && { body }) },
        async onRequest(request) {
          callers.set(request, await access.enter(request.raw, roles))
        },
        async handler(request, reply) {
          const caller = callers.get(request)
          if (caller === undefined) throw new TypeError('Nobody was let in')
          // The schemas say so, and have been looked at by now.
          return run(request as Valid<H>, caller, reply)
        },
      })
    },
  }
}
