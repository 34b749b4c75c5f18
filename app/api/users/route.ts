import { createUserEndpoint, listUsersEndpoint } from '#lib/delivery/endpoints/users.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { createUser } from '#lib/platform/auth/create-user.ts'
import { inviteUser } from '#lib/platform/auth/invite-user.ts'
import { listUsers } from '#lib/platform/auth/list-users.ts'
import { nameFor } from '#lib/platform/auth/redeem-link.ts'
import { showUser } from '#lib/platform/auth/show-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
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
)
