import { searchEndpoint } from '#lib/delivery/endpoints/search.ts'
import { search } from '#lib/delivery/search/search.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(searchEndpoint, async ({ context, query }) => reply(200, { items: await search(context, query) })),
)
