import {
  endSessionEndpoint,
  endSessionsEndpoint,
  listSessionsEndpoint,
} from '#lib/delivery/endpoints/sessions.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { endSession, endSessions } from '#lib/platform/auth/end-sessions.ts'
import { listSessions, showSession } from '#lib/platform/auth/list-sessions.ts'
import { requestSessionToken } from '#lib/platform/auth/session-cookie.ts'
import { positionOf } from '#lib/platform/newest-first.ts'

export const SESSION_ROUTES: readonly Route[] = [
  route(endSessionEndpoint, async ({ context, params }) => {
    await endSession(context, params.id)
    return reply(204)
  }),
  route(listSessionsEndpoint, async ({ context, page, request, service: { settings } }) => {
    const idleSeconds = settings.sessionIdleSeconds
    const { items, nextCursor } = page.of(await listSessions(context, { ...page, idleSeconds }), positionOf)
    const token = requestSessionToken(request.headers, settings)
    return reply(200, {
      items: items.map((session) => showSession(session, session.token === token)),
      nextCursor,
    })
  }),
  route(endSessionsEndpoint, async ({ context, query, request, service: { settings } }) => {
    const current = requestSessionToken(request.headers, settings)
    await endSessions(context, { except: query.includeCurrent === true ? null : current })
    return reply(204)
  }),
]
