import { sliceRunByValuesEndpoint, sliceRunEndpoint } from '#lib/api/endpoints/evaluation-checks.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { sliceRun, sliceRunByValues } from '#lib/evaluation-run/slice-run.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(sliceRunEndpoint, async ({ context, params, query }) =>
    reply(200, await sliceRun(context, { ...params, ...query })),
  ),
  route(sliceRunByValuesEndpoint, async ({ context, params, body }) =>
    reply(200, await sliceRunByValues(context, { ...params, ...body })),
  ),
)
