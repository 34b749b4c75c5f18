import { getOverviewEndpoint } from '#lib/delivery/endpoints/overview.ts'
import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { getOverview } from '#lib/delivery/overview/get-overview.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getOverviewEndpoint, async ({ context, service }) => {
    const { databaseProbe, objectStore, settings } = service
    const askEvaluator = (signal: AbortSignal) => checkEvaluators(evaluatorAddresses(settings), signal)
    const checkHealth = () => checkDependencies({ databaseProbe, objectStore, askEvaluator })
    return reply(200, await getOverview(context, { checkHealth }))
  }),
)
