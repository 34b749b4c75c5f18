import {
  createUserEndpoint,
  deleteUserEndpoint,
  listUsersEndpoint,
  renewInvitationEndpoint,
  resetPasswordEndpoint,
  updateUserEndpoint,
} from '#lib/delivery/endpoints/users.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { createUser } from '#lib/platform/auth/create-user.ts'
import { inviteUser, renewInvitation } from '#lib/platform/auth/invite-user.ts'
import { issuePasswordReset } from '#lib/platform/auth/issue-password-reset.ts'
import { listUsers } from '#lib/platform/auth/list-users.ts'
import { nameFor } from '#lib/platform/auth/redeem-link.ts'
import { showUser } from '#lib/platform/auth/show-user.ts'
import { deleteUser, updateUser } from '#lib/platform/auth/update-user.ts'

export const USER_ROUTES: readonly Route[] = [
  route(renewInvitationEndpoint, async ({ context, params, service: { settings } }) =>
    reply(200, await renewInvitation(context, params.id, settings.baseUrl)),
  ),
  route(resetPasswordEndpoint, async ({ context, params, service: { settings } }) =>
    reply(200, await issuePasswordReset(context, params.id, settings.baseUrl)),
  ),
  route(updateUserEndpoint, async ({ context, params, body }) =>
    reply(200, showUser(await updateUser(context, params.id, body))),
  ),
  route(deleteUserEndpoint, async ({ context, params }) => {
    await deleteUser(context, params.id)
    return reply(204)
  }),
  route(listUsersEndpoint, async ({ context, page }) => {
    const { items, nextCursor } = page.of(await listUsers(context, page), (user) => [user.email])
    return reply(200, { items: items.map(showUser), nextCursor })
  }),
  route(createUserEndpoint, async ({ context, body, request, service: { settings } }) => {
    const { password, ...given } = body
    const person = { ...given, name: given.name ?? nameFor(given.email) }
    if (password !== undefined) {
      const user = await createUser(context, { ...person, password }, { signal: request.signal })
      return reply(201, showUser({ ...user, hasPassword: true }))
    }
    const { user, invitation } = await inviteUser(context, person, settings.baseUrl)
    return reply(201, { ...showUser(user), invitation })
  }),
]
