import { getSessionEndpoint } from '#lib/delivery/endpoints/auth.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { getPerson } from '#lib/platform/auth/find-user.ts'
import { permissionsOf } from '#lib/platform/permissions.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getSessionEndpoint, async ({ context: { db, actor } }) => {
    const { id, name } = actor
    const type = actor.type === 'user' ? 'user' : 'api-key'
    const roles = [...actor.roles]
    const person = type === 'user' ? await getPerson(db, id) : null
    const user = person && { ...person, roles }
    return reply(200, { actor: { type, id, name, roles }, user, permissions: permissionsOf(roles) })
  }),
)
