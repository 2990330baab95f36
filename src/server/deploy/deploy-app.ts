import fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type HTTPMethods,
  LogController,
} from 'fastify'
import { MortiseError } from '../../errors.ts'
import { type Log, logAccess } from '../access.ts'
import { asOurs } from '../fastify-errors.ts'
import type { Guard } from '../guard.ts'
import { identify } from '../identifier.ts'
import { type Listener, refuseDraining } from '../listener.ts'
import { failure } from '../reply.ts'
import type { Access } from './access.ts'
import type { Operation } from './operation.ts'

/** What {@link deployApp} works with. */
export interface DeployAppParts {
  readonly operations: readonly Operation[]
  readonly access: Access
  readonly listener: Listener
  readonly guard: Guard
  readonly log: Log | undefined
}

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** Bytes of a body of JSON. */
const bodyLimit = 2 ** 20

/** Assembles the API: what holds for every request, and its operations. */
export async function deployApp({
  operations,
  access,
  listener,
  guard,
  log,
}: DeployAppParts): Promise<FastifyInstance> {
  const app = fastify({
    logger: false,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: identify,
    bodyLimit,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, allowUnionTypes: true } },
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    // Of a path that cannot be read, before anything else.
    frameworkErrors: (error, request, reply) => answerFailure(error, request, reply, log),
    serverFactory(route) {
      listener.server.on('request', route)
      return listener.server
    },
  })
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (listener.draining) reply.header('connection', 'close')
    guard.check(request.raw)
    refuseDraining(listener)
    done()
  })
  app.setErrorHandler((error, request, reply) => answerFailure(error, request, reply, log))
  app.setNotFoundHandler(({ method, url }) => {
    throw new MortiseError('PATH_UNKNOWN', `There is no ${method} ${url.slice(0, 200)} here`)
  })
  if (log !== undefined) {
    app.addHook('onResponse', ({ id: reqId, method, url }, { statusCode: status, elapsedTime: ms }, done) => {
      logAccess(log, { reqId, method, url, status, ms })
      done()
    })
  }
  // Whoever sends nothing may say that it is JSON all the same.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
    try {
      done(null, body === '' ? null : JSON.parse(String(body)))
    } catch (cause) {
      done(new MortiseError('REQUEST_INVALID', `Cannot read the body of a request: ${String(cause)}`, { cause }))
    }
  })
  offer(
    app,
    operations.filter(({ method }) => method !== 'PUT'),
    access,
  )
  await app.register(async (uploads) => {
    uploads.removeAllContentTypeParsers()
    // What is uploaded is read where its limit is known.
    uploads.addContentTypeParser('*', (_request, _body, done) => done(null))
    offer(
      uploads,
      operations.filter(({ method }) => method === 'PUT'),
      access,
    )
  })
  refuseOthers(app, operations)
  await app.ready()
  return app
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log | undefined): void {
  const { status, headers, body } = failure(asOurs(error), 422)
  if (status === 500) log?.error({ reqId: request.id, err: error }, 'A request of the deploy API failed')
  void reply.code(status).headers(headers).send(body)
}

function offer(app: FastifyInstance, operations: readonly Operation[], access: Access): void {
  for (const operation of operations) operation.offer(app, access)
}

/** A path that there is takes its methods alone: nothing is changed by a link that somebody follows. */
function refuseOthers(app: FastifyInstance, operations: readonly Operation[]): void {
  for (const url of new Set(operations.map((operation) => operation.url))) {
    const taken: readonly HTTPMethods[] = operations
      .filter((operation) => operation.url === url)
      .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    const others = methods.filter((method) => !taken.includes(method))
    app.route({
      method: others,
      url,
      onRequest(request, reply) {
        reply.header('allow', taken.join(', '))
        throw new MortiseError('METHOD_REFUSED', `Cannot ${request.method} here: this path takes ${taken.join(', ')}`)
      },
      handler: () => {},
    })
  }
}
