import { createUserEndpoint, listUsersEndpoint } from '#lib/api/endpoints/users.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { createUser } from '#lib/auth/create-user.ts'
import { inviteUser } from '#lib/auth/invite-user.ts'
import { listUsers } from '#lib/auth/list-users.ts'
import { nameFor } from '#lib/auth/redeem-link.ts'
import { showUser } from '#lib/auth/show-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listUsersEndpoint, async ({ context, page }) => {
    const { items, nextCursor } = page.of(await listUsers(context, page), (user) => [user.email])
    return reply(200, { items: items.map(showUser), nextCursor })
  }),
  route(createUserEndpoint, async ({ context, body, service: { settings } }) => {
    const { password, ...given } = body
    const person = { ...given, name: given.name ?? nameFor(given.email) }
    if (password !== undefined) {
      const user = await createUser(context, { ...person, password })
      return reply(201, showUser({ ...user, hasPassword: true }))
    }
    const { user, invitation } = await inviteUser(context, person, settings.baseUrl)
    return reply(201, { ...showUser(user), invitation })
  }),
)
