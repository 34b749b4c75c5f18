import { getRunCurvesEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getRunCurves } from '#lib/evaluation-run/get-curves.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getRunCurvesEndpoint, async ({ context, params }) => reply(200, await getRunCurves(context, params))),
)
