import { searchEndpoint } from '#lib/api/endpoints/search.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { search } from '#lib/search/search.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(searchEndpoint, async ({ context, query }) => reply(200, { items: await search(context, query) })),
)
