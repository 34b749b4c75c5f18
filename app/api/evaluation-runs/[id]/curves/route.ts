import { getRunCurvesEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { getRunCurves } from '#lib/model/evaluation-result/get-curves.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getRunCurvesEndpoint, async ({ context, params }) => reply(200, await getRunCurves(context, params))),
)
