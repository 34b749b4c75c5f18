import { deleteUserEndpoint, updateUserEndpoint } from '#lib/api/endpoints/users.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { showUser } from '#lib/auth/show-user.ts'
import { deleteUser, updateUser } from '#lib/auth/update-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(updateUserEndpoint, async ({ context, params, body }) =>
    reply(200, showUser(await updateUser(context, params.id, body))),
  ),
  route(deleteUserEndpoint, async ({ context, params }) => {
    await deleteUser(context, params.id)
    return reply(204)
  }),
)
