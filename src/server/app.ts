import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { MortiseError } from '../errors.ts'
import { type Log, logAccess } from './access.ts'
import { asOurs } from './fastify-errors.ts'
import type { Guard } from './guard.ts'
import { healthPaths, healthRoutes } from './health.ts'
import { identify } from './identifier.ts'
import { type Listener, refuseDraining } from './listener.ts'
import type { LogStream } from './log.ts'
import { metricsRoute } from './metrics.ts'
import { initRoutes, type InitParts } from './named/init.ts'
import { runPath, type RunParts } from './named/run.ts'
import { failure } from './reply.ts'
import { isReserved } from './site/mounts.ts'
import { sitePath } from './site/site-path.ts'
import type { Sites } from './site/sites.ts'
import { webRoutes, type WebParts } from './web/web.ts'

/** All that the protocols of a server work with. */
export interface AppParts extends Omit<InitParts & RunParts & WebParts, 'log'> {
  readonly listener: Listener
  readonly guard: Guard
  readonly sites: Sites
  /** Whether who asks a site is told what is wrong inside of it. */
  readonly detail: boolean
  /** Where logs are written; `undefined` for nowhere. */
  readonly logger: LogStream | undefined
}

/** Assembles the server of functions by name and of sites by path: what holds for every request, and the routes of each protocol. */
export async function assemble(parts: AppParts): Promise<FastifyInstance> {
  const { listener, guard, logger } = parts
  const app: FastifyInstance = fastify({
    logger: logger === undefined ? false : { level: 'debug', stream: logger },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: identify,
    bodyLimit: parts.parameters,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 256, ignoreTrailingSlash: false },
    // Of a path that cannot be read, before anything else.
    frameworkErrors: (error, request, reply) => answerFailure(asOurs(error), request, reply, log),
    serverFactory(route) {
      listener.server.on('request', (request, response) => {
        if (!run(request, response) && !site(request, response)) route(request, response)
      })
      return listener.server
    },
  })
  const log: Log | undefined = logger === undefined ? undefined : app.log
  const run = runPath({ ...parts, log })
  const site = sitePath({ ...parts, body: parts.parameters, log }, isReserved)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    if (listener.draining) reply.header('connection', 'close')
    if (!healthPaths.has(request.url)) {
      guard.check(request.raw, request.url.startsWith('/web/'))
      refuseDraining(listener)
    }
    done()
  })
  app.setErrorHandler((error, request, reply) => answerFailure(asOurs(error), request, reply, log))
  app.setNotFoundHandler((request, reply) => {
    const { method, url } = request
    answerFailure(
      new MortiseError('PATH_UNKNOWN', `There is no ${method} ${url.slice(0, 200)} here`),
      request,
      reply,
      log,
    )
  })
  if (log !== undefined) {
    app.addHook('onResponse', (request, reply, done) => {
      const { id: reqId, method, url } = request
      logAccess(log, { reqId, method, url, status: reply.statusCode, ms: reply.elapsedTime })
      done()
    })
  }
  healthRoutes(app, listener, () => parts.sites.versions)
  metricsRoute(app, parts)
  initRoutes(app, parts)
  webRoutes(app, { ...parts, log })
  await app.ready()
  return app
}

function answerFailure(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log | undefined): void {
  const { status, headers, body } = failure(error)
  if (status === 500) log?.error({ reqId: request.id, err: error }, 'A request failed')
  void reply.code(status).headers(headers).send(body)
}
