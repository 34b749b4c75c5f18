import {
  changePasswordEndpoint,
  getLinkEndpoint,
  getSessionEndpoint,
  redeemLinkEndpoint,
  signInEndpoint,
  signOutEndpoint,
} from '#lib/delivery/endpoints/auth.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { changePassword } from '#lib/platform/auth/change-password.ts'
import { getPerson } from '#lib/platform/auth/find-user.ts'
import { knownDeviceSetCookie } from '#lib/platform/auth/known-device.ts'
import { getLink } from '#lib/platform/auth/one-time-link.ts'
import { deviceOf } from '#lib/platform/auth/open-session.ts'
import { redeemLink } from '#lib/platform/auth/redeem-link.ts'
import { requireSameOrigin } from '#lib/platform/auth/same-origin.ts'
import { requestSessionToken } from '#lib/platform/auth/session-cookie.ts'
import { signIn } from '#lib/platform/auth/sign-in.ts'
import { signOut } from '#lib/platform/auth/sign-out.ts'
import { knownRoles, permissionsOf } from '#lib/platform/permissions.ts'

export const SIGN_IN_ROUTES: readonly Route[] = [
  route(changePasswordEndpoint, async ({ context, body, request, service: { settings } }) => {
    const token = requestSessionToken(request.headers, settings)
    const { address, entries } = deviceOf(request.headers, settings)
    const caller = { address, signal: request.signal }
    const known = await changePassword(context, body, { token, caller })
    const headers = { 'Set-Cookie': knownDeviceSetCookie(entries, known, settings) }
    return new Response(null, { status: 204, headers })
  }),
  route(getSessionEndpoint, async ({ context: { db, actor } }) => {
    const { id, name } = actor
    const type = actor.type === 'user' ? 'user' : 'api-key'
    const roles = [...actor.roles]
    const person = type === 'user' ? await getPerson(db, id) : null
    const user = person && { ...person, roles }
    return reply(200, { actor: { type, id, name, roles }, user, permissions: permissionsOf(roles) })
  }),
  route(redeemLinkEndpoint, async ({ context, body, request, service: { settings } }) => {
    // Another site's page must not sign a user in as another user; programs send no Origin and may.
    if (request.headers.has('origin')) requireSameOrigin(request.headers, settings)
    const device = deviceOf(request.headers, settings)
    const { signal } = request
    const { user, cookies } = await redeemLink(context, body, { device, settings, signal })
    const { id, email, name } = user
    const shown = { id, email, name, roles: knownRoles(user.roles) }
    return Response.json(
      { user: shown },
      { headers: cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]) },
    )
  }),
  route(signInEndpoint, async ({ context, service, body, request }) => {
    // Another site's page must not sign a user in as another user; programs send no Origin and may.
    if (request.headers.has('origin')) requireSameOrigin(request.headers, service.settings)
    const { user, cookies } = await signIn(service, context, {
      ...body,
      device: deviceOf(request.headers, service.settings),
      signal: request.signal,
    })
    return Response.json(
      { user },
      { headers: cookies.map((cookie): [string, string] => ['Set-Cookie', cookie]) },
    )
  }),
  route(signOutEndpoint, async ({ context, service: { settings }, request }) => {
    const { baseUrl } = settings
    const token = requestSessionToken(request.headers, settings)
    return new Response(null, {
      status: 204,
      headers: { 'Set-Cookie': await signOut(context, token, baseUrl) },
    })
  }),
  route(getLinkEndpoint, async ({ context: { db, now }, query }) => {
    const { email, name, expiresAt } = await getLink(db, { ...query, now })
    return reply(200, {
      purpose: query.purpose,
      email: email ?? undefined,
      name: name ?? undefined,
      expiresAt,
    })
  }),
]
