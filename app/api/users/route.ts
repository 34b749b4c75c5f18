import { createUserEndpoint, listUsersEndpoint } from '#lib/api/endpoints/users.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { createUser } from '#lib/auth/create-user.ts'
import { listUsers } from '#lib/auth/list-users.ts'
import { showUser } from '#lib/auth/show-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(listUsersEndpoint, async ({ context, page }) => {
    const { items, nextCursor } = page.of(await listUsers(context, page), (user) => [user.email])
    return reply(200, { items: items.map(showUser), nextCursor })
  }),
  route(createUserEndpoint, async ({ context, body }) =>
    reply(201, showUser(await createUser(context, body))),
  ),
)
