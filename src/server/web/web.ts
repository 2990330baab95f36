import type { FastifyInstance } from 'fastify'
import { type ErrorCode, MortiseError } from '../../errors.ts'
import type { Log } from '../access.ts'
import type { Registry } from '../registry.ts'
import { isAnswer } from '../reply.ts'
import type { Token } from '../token.ts'
import { addressOf } from './address.ts'
import { checkAuth } from './auth.ts'
import { corsHeaders } from './cors.ts'
import { readInput } from './input.ts'
import { render } from './render.ts'

/** What {@link webRoutes} works with. */
export interface WebParts {
  readonly registry: Registry
  readonly token: Token
  /** Bytes that a request may have. */
  readonly parameters: number
  readonly log: Log | undefined
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Web actions, at `/web/<name>[.extension][/path]`: functions that answer any request as servers on the web do, by the rules of
 * OpenWhisk, https://github.com/apache/openwhisk/blob/master/docs/webactions.md
 */
export function webRoutes(app: FastifyInstance, { registry, token, parameters, log }: WebParts): void {
  app.route({
    method: methods,
    url: '/web/*',
    bodyLimit: parameters,
    async handler({ id, raw: request, body }, reply) {
      const { name, extension, path, query } = addressOf(
        request.url ?? '',
        (whole) => registry.web(whole) !== undefined,
      )
      const settings = registry.web(name)
      if (settings === undefined)
        throw new MortiseError('FUNCTION_UNKNOWN', `There is no web action '${name.slice(0, 100)}'`)
      if (!settings.customOptions) {
        reply.headers(corsHeaders(request))
        if (request.method === 'OPTIONS') return reply.code(200).send()
      }
      const user = checkAuth(settings.requireAuth, request, token)
      const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
      const value = readInput({ request, body: bytes, path, query, user }, settings)
      const answer = await activate(JSON.stringify({ value, activation_id: id }))
      const { status, headers, body: rendered } = render(answer, extension)
      return reply.code(status).headers(headers).send(rendered)

      async function activate(line: string): Promise<unknown> {
        try {
          const answered = await registry.get(name).run(line, id)
          if (isAnswer(answered)) return JSON.parse(answered)
          throw new MortiseError('GUEST_RESULT', `Web action '${name}' answered with no JSON object or array`)
        } catch (error) {
          if (!MortiseError.is(error) || busy.has(error.code)) throw error
          // Who asks on the web is not told what is wrong in there; whoever runs it is.
          log?.warn({ reqId: id, function: name, err: error }, 'A web action failed')
          throw new MortiseError('WEB_RESPONSE', 'There was an error processing your request.', { cause: error })
        }
      }
    },
  })
}

/** Failures that are the server's: it may be asked again. */
const busy: ReadonlySet<ErrorCode> = new Set(['QUEUE_FULL', 'HOST_CLOSED', 'FUNCTION_UNKNOWN', 'PLUGIN_UNPLUGGED'])
