import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { cancelledBy } from '#db/client.ts'
import { recordRefusal, secondsLeftInWindow } from '#lib/platform/audit/record-refusal.ts'
import { authenticate } from '#lib/platform/auth/authenticate.ts'
import { requireSameOrigin } from '#lib/platform/auth/same-origin.ts'
import { serviceSecret } from '#lib/platform/auth/service-secret.ts'
import type { Actor, Context } from '#lib/platform/context.ts'
import type { Settings } from '#lib/platform/env/env.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { faultForLog } from '#lib/platform/faults/fault-for-log.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { getService, type Service } from '#lib/platform/service/service.ts'
import { ANONYMOUS, demandOf, requireAccess } from './access.ts'
import { anonymousBodies, type Place } from './anonymous-bodies.ts'
import type { Endpoint } from './endpoint.ts'
import { followedWhile } from './followed-while.ts'
import { idempotencyRequest, onceForKey } from './idempotency.ts'
import { bodyLimitOf, type Input, parseInput } from './input.ts'
import { openPage, type Page, type pageQuery } from './page.ts'
import { errorResponse, withStandardHeaders } from './respond.ts'

/** A script that does not look at its answers: told to wait, it may. One actor, route and reason. */
const MAX_REFUSALS_PER_HOUR = 100

/** Sign-in and links: so little that it is held in memory, and that the next sign-in need not wait for it. */
const SMALL_BODY_BYTES = 64 * 1024
/** 64 KiB in 15 seconds are 35 kbit/s: a telephone line. A connection that says nothing ends then. */
const SMALL_BODY_MS = 15_000

export type Reply<S extends number = number, B = unknown> = { status: S; body: B }

/** A JSON reply; its body must be what the endpoint's `responses` say for this status. */
export function reply<const S extends number>(status: S): Reply<S, undefined>
export function reply<const S extends number, B>(status: S, body: B): Reply<S, B>
export function reply(status: number, body?: unknown): Reply {
  return { status, body }
}

type ReplyOf<E extends Endpoint> = {
  [S in keyof E['responses'] & number]: Reply<S, z.input<E['responses'][S]>>
}[keyof E['responses'] & number]

type PageOfQuery<E extends Endpoint> =
  E['query'] extends z.ZodObject<infer Shape>
    ? Shape extends { cursor: (typeof pageQuery)['cursor'] }
      ? Page
      : undefined
    : undefined

export type HandlerInput<E extends Endpoint> = Input<E> & {
  context: Context
  page: PageOfQuery<E>
  request: Request
  service: Service
}
export type Handler<E extends Endpoint> = (input: HandlerInput<E>) => Promise<ReplyOf<E> | Response>
type Steps = {
  prepare: (input: never) => Promise<unknown>
  handle: (input: never) => Promise<Reply | Response>
}

/** In the log, of a request whose client went away before its answer; as nginx writes it. */
const CLIENT_LEFT = 499

/** A function as Next calls it, with the description of what it serves. */
export type Route = ((request: Request) => Promise<Response>) & { endpoint: Endpoint }

/** Joins an endpoint's description and the code behind it: parsing, guard, errors and headers are the same for all. */
export function route<const E extends Endpoint>(endpoint: E, handler: Handler<E>): Route {
  return serveInSteps(endpoint, { prepare: async () => undefined, handle: handler })
}

/**
 * A route whose verb has to look into a store or ask another service before it writes. That is done by `prepare`,
 * before the transaction of an `Idempotency-Key` is opened: no other call waits on the database for a share that hangs.
 */
export function preparedRoute<const E extends Endpoint, Prepared>(
  endpoint: E,
  prepare: (input: HandlerInput<E>) => Promise<Prepared>,
  handle: (input: HandlerInput<E> & { prepared: Prepared }) => Promise<ReplyOf<E> | Response>,
): Route {
  return serveInSteps(endpoint, { prepare, handle })
}

function serveInSteps(endpoint: Endpoint, steps: Steps): Route {
  const serve = async (request: Request): Promise<Response> => {
    const requestId = randomUUID()
    const started = performance.now()
    const context: Partial<Context> = {}
    let outcome: { response: Response; fault?: unknown }
    try {
      outcome = {
        response: await answer(endpoint, steps, request, requestId, context),
      }
    } catch (error) {
      const told = (await noteRefusal(error, context, endpoint)) ?? error
      outcome = request.signal.aborted
        ? { response: new Response(null, { status: CLIENT_LEFT }) }
        : errorResponse(told, requestId)
    }
    writeLog(endpoint, outcome, { requestId, started, actor: context.actor?.id })
    return withStandardHeaders(outcome.response, requestId)
  }
  return Object.assign(serve, { endpoint })
}

async function answer(
  endpoint: Endpoint,
  steps: Steps,
  request: Request,
  requestId: string,
  known: Partial<Context>,
): Promise<Response> {
  const service = getService()
  const { settings } = service
  const now = new Date()
  const secret = serviceSecret(settings)
  const demand = demandOf(endpoint.permission, settings)
  const countAsUse = !isFollowed(endpoint)
  const authenticated =
    endpoint.permission === 'open' ? null : await authenticate(service, request.headers, { now, countAsUse })
  Object.assign(known, { db: service.db, now, requestId, actor: authenticated?.actor ?? ANONYMOUS })
  if (authenticated?.by === 'cookie' && endpoint.method !== 'GET')
    requireSameOrigin(request.headers, settings)
  const actor = requireAccess(authenticated?.actor ?? null, demand)

  const place = placeOf(endpoint, request, { actor, settings })
  const given = { settings, requestId, now, deadline: place?.deadline }
  const input = await parseInput(endpoint, request, given).catch((error: unknown) => {
    place?.release()
    throw error
  })
  try {
    const { pathname } = new URL(request.url)
    const address = `${endpoint.method} ${pathname}`
    const page = pageFor(input.query, { secret, actorId: actor.id, address })
    const { signal } = request
    const inputOn = (db: Context['db']) => ({
      ...input,
      page,
      request,
      service,
      context: { db, actor, now, requestId, signal },
    })
    const prepare = () => steps.prepare(inputOn(service.db) as never)
    const run = (db: Context['db'], prepared: unknown) => steps.handle({ ...inputOn(db), prepared } as never)
    const once =
      endpoint.idempotency === undefined
        ? null
        : idempotencyRequest(request.headers, {
            actorId: actor.id,
            method: endpoint.method,
            address: pathname,
            input: input.fingerprint,
          })
    if (once === null || endpoint.idempotency === undefined) {
      // No client misses what a read was about to find; a write is carried through.
      const db = endpoint.method === 'GET' ? cancelledBy(service.db, signal) : service.db
      const response = toResponse(endpoint, await run(db, await prepare()))
      return isFollowed(endpoint)
        ? followedWhile(response, () => mayStill(service, request, demand))
        : response
    }
    const work = async (db: Context['db'], prepared: unknown) => {
      const first = await run(db, prepared)
      if (first instanceof Response) throw new Error(`${address}: a stored reply must be JSON.`)
      checkReply(endpoint, first)
      return first
    }
    const options = { mode: endpoint.idempotency, secret }
    const stored = await onceForKey(service.db, once, options, { prepare, work })
    return jsonResponse(stored) // checked when it was made: read back, its instants are texts
  } finally {
    place?.release()
    // A folder that cannot be removed now is no fault of the answer: the sweep removes what is left.
    await input.release().catch(() => undefined)
  }
}

/**
 * What a caller without credentials sends has a place among a few; null for all others, and where nothing is sent. A
 * small body takes no place: clients that announce one and wait must not shut others out of sign-in.
 */
function placeOf(
  endpoint: Endpoint,
  { headers }: Request,
  { actor, settings }: { actor: Actor; settings: Settings },
): Place | null {
  if (actor.type !== 'anonymous' || (endpoint.body ?? endpoint.multipart) === undefined) return null
  const limit = bodyLimitOf(endpoint)
  if (limit !== null && limit <= SMALL_BODY_BYTES)
    return { deadline: AbortSignal.timeout(SMALL_BODY_MS), release: () => undefined }
  const announced = Number(headers.get('content-length') ?? Number.NaN)
  const bytes = Number.isSafeInteger(announced) ? announced : limit
  const address = headers.get(CLIENT_ADDRESS_HEADER)
  return anonymousBodies(settings).take({ address, bytes })
}

/** What let the request in, asked again: the session or the key may have ended, a role may be gone. */
async function mayStill(
  service: Service,
  request: Request,
  demand: Parameters<typeof requireAccess>[1],
): Promise<void> {
  const now = new Date()
  const authenticated = await authenticate(service, request.headers, { now, countAsUse: false })
  requireAccess(authenticated?.actor ?? null, demand)
}

/** A stream is opened again by the browser itself, for as long as its page is open: no user has to be there. */
function isFollowed(endpoint: Endpoint): boolean {
  return endpoint.otherContentTypes?.includes('text/event-stream') ?? false
}

function pageFor(
  query: unknown,
  scope: { secret: string; actorId: string; address: string },
): Page | undefined {
  if (typeof query !== 'object' || query === null || !('limit' in query)) return undefined
  return openPage({ ...scope, query: query as { limit: number; cursor?: string } })
}

function toResponse(endpoint: Endpoint, given: Reply | Response): Response {
  if (given instanceof Response) return given
  checkReply(endpoint, given)
  return jsonResponse(given)
}

function jsonResponse({ status, body }: Reply): Response {
  if (body === undefined || status === 204) return new Response(null, { status })
  return Response.json(body, { status })
}

/** What is answered is what is described: no column that was not meant to be shown, no NaN that JSON turns into null. */
function checkReply(endpoint: Endpoint, given: Reply): void {
  const schema = endpoint.responses[given.status]
  const parsed = schema?.safeParse(given.body)
  if (parsed?.success) return
  const faults = parsed?.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(
    `${endpoint.method} ${endpoint.path} ${given.status}: undescribed reply (${faults?.join('; ')}).`,
  )
}

/** Writes a refused call down; gives the answer instead where this caller was refused the same too often. */
async function noteRefusal(
  error: unknown,
  known: Partial<Context>,
  endpoint: Endpoint,
): Promise<ServiceError | undefined> {
  const { db, actor, now, requestId } = known
  if (!(error instanceof ServiceError) || error.kind !== 'FORBIDDEN') return
  if (db === undefined || actor === undefined || now === undefined || requestId === undefined) return
  try {
    const objectId = `${endpoint.method} ${endpoint.path}`
    const count = await recordRefusal(
      { db, actor, now, requestId },
      { action: 'request.deny', objectType: 'route', objectId, reason: error.code },
    )
    if (count <= MAX_REFUSALS_PER_HOUR || actor.type === 'anonymous') return
    const retryAfterSeconds = secondsLeftInWindow(now)
    return new ServiceError('TOO_MANY_REQUESTS', `${error.message} You were told so ${count} times.`, {
      details: { retryAfterSeconds },
    })
  } catch (fault) {
    getService().logger.error(
      { requestId, fault: faultForLog(fault) },
      'a denied request is not in the audit log',
    )
  }
}

function writeLog(
  endpoint: Endpoint,
  outcome: { response: Response; fault?: unknown },
  about: { requestId: string; started: number; actor: string | undefined },
): void {
  const line = {
    requestId: about.requestId,
    method: endpoint.method,
    route: endpoint.path, // never the address itself: it may hold a name
    status: outcome.response.status,
    ms: Math.round(performance.now() - about.started),
    actor: about.actor,
  }
  try {
    const { logger } = getService()
    if (outcome.fault !== undefined)
      logger.error({ ...line, fault: faultForLog(outcome.fault) }, 'request failed')
    else logger.info(line, 'request')
  } catch {
    // The services themselves could not be opened: the reply says 500, and their own error was thrown at start.
  }
}
