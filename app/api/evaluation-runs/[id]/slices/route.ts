import { sliceRunByValuesEndpoint, sliceRunEndpoint } from '#lib/delivery/endpoints/evaluation-checks.ts'
import { sliceRun, sliceRunByValues } from '#lib/model/evaluation-result/slice-run.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(sliceRunEndpoint, async ({ context, params, query }) =>
    reply(200, await sliceRun(context, { ...params, ...query })),
  ),
  route(sliceRunByValuesEndpoint, async ({ context, params, body }) =>
    reply(200, await sliceRunByValues(context, { ...params, ...body })),
  ),
)
