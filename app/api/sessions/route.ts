import { endSessionsEndpoint, listSessionsEndpoint } from '#lib/api/endpoints/sessions.ts'
import { positionOf } from '#lib/api/newest-first.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { endSessions } from '#lib/auth/end-sessions.ts'
import { listSessions, showSession } from '#lib/auth/list-sessions.ts'
import { requestSessionToken } from '#lib/auth/session-cookie.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listSessionsEndpoint, async ({ context, page, request, service: { settings } }) => {
    const idleSeconds = settings.sessionIdleSeconds
    const { items, nextCursor } = page.of(await listSessions(context, { ...page, idleSeconds }), positionOf)
    const token = requestSessionToken(request.headers, settings)
    return reply(200, { items: items.map((session) => showSession(session, token)), nextCursor })
  }),
  route(endSessionsEndpoint, async ({ context, query, request, service: { settings } }) => {
    const current = requestSessionToken(request.headers, settings)
    await endSessions(context, { except: query.includeCurrent === true ? null : current })
    return reply(204)
  }),
)
