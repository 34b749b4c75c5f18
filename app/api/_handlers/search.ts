import { searchEndpoint } from '#lib/delivery/endpoints/search.ts'
import { search } from '#lib/delivery/search/search.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'

export const SEARCH_ROUTES: readonly Route[] = [
  route(searchEndpoint, async ({ context, query }) => reply(200, { items: await search(context, query) })),
]
