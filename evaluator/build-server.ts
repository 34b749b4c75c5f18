import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { ServiceError } from '#lib/platform/errors.ts'
import type { EvaluatorSettings } from './env.ts'
import { toErrorReply } from './error-reply.ts'
import type { Evaluator } from './evaluator.ts'
import { hasToken, isOwnHost } from './guard-request.ts'
import { addRoutes } from './routes.ts'

/** Prometheus and load balancers have no token; what these show is neither secret nor about patients. */
const OPEN_ROUTES = new Set(['/health', '/ready', '/metrics'])
const REQUEST_ID = /^[A-Za-z0-9._-]{1,100}$/
/** For head and body of a request; its reply may take as long as its work. */
const REQUEST_SECONDS = 30

export function buildServer(
  settings: EvaluatorSettings,
  evaluator: Evaluator,
  stopping: AbortSignal,
): FastifyInstance {
  const server = Fastify({
    // Addresses and bodies stay out of the log: a key may name a patient. What is logged is in the hook below.
    logger: { level: settings.logLevel, serializers: {} },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: settings.bodyLimitBytes,
    requestTimeout: REQUEST_SECONDS * 1000,
    onProtoPoisoning: 'ignore', // a finding class may be called __proto__; where none may, the schemas refuse it
    genReqId: (request) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
    },
  })
  server.removeContentTypeParser('text/plain')
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id).header('cache-control', 'no-store')
    const own = { names: [settings.host, ...settings.allowedHosts], port: boundPort(server) }
    if (!isOwnHost(request.headers.host, own)) {
      const message = 'This host name is not the evaluator’s: name it in EVALUATOR_ALLOWED_HOSTS.'
      return reply.code(421).send(errorBody('MISDIRECTED_REQUEST', message, request.id))
    }
    // Browsers send Origin with every request that writes; only web calls this service, and it is none.
    if (request.headers.origin !== undefined)
      throw new ServiceError('FORBIDDEN', 'The evaluator takes no requests from web pages.')
    if (
      !OPEN_ROUTES.has(request.routeOptions.url ?? '') &&
      !hasToken(request.headers.authorization, settings.tokens)
    )
      throw new ServiceError('UNAUTHENTICATED', 'The token is missing or wrong: see EVALUATOR_TOKEN.')
  })
  server.addHook('onResponse', async (request, reply) => {
    const handler = request.routeOptions.url ?? 'none'
    const seconds = reply.elapsedTime / 1000
    evaluator.metrics.countRequest(request.method, handler, reply.statusCode, seconds)
    const level = OPEN_ROUTES.has(handler) ? 'debug' : 'info'
    request.log[level]({ method: request.method, handler, status: reply.statusCode, seconds }, 'answered')
  })
  server.setErrorHandler((error, request, reply) => {
    const { status, code, message } = toErrorReply(error)
    if (status >= 500) request.log.error({ err: error }, 'failed')
    return reply.code(status).send(errorBody(code, message, request.id))
  })
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', 'There is no such address.', request.id)),
  )
  addRoutes(server, evaluator, stopping)
  return server
}

function boundPort(server: FastifyInstance): number {
  const address = server.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function errorBody(code: string, message: string, requestId: string) {
  return { error: { code, message, requestId } }
}
