import { deleteUserEndpoint, updateUserEndpoint } from '#lib/delivery/endpoints/users.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { showUser } from '#lib/platform/auth/show-user.ts'
import { deleteUser, updateUser } from '#lib/platform/auth/update-user.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(updateUserEndpoint, async ({ context, params, body }) =>
    reply(200, showUser(await updateUser(context, params.id, body))),
  ),
  route(deleteUserEndpoint, async ({ context, params }) => {
    await deleteUser(context, params.id)
    return reply(204)
  }),
)
