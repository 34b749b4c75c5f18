import { getOverviewEndpoint } from '#lib/api/endpoints/overview.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { evaluatorAddresses } from '#lib/evaluation-run/evaluator-addresses.ts'
import { checkDependencies } from '#lib/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/health/check-evaluators.ts'
import { getOverview } from '#lib/overview/get-overview.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getOverviewEndpoint, async ({ context, service }) => {
    const { db, objectStore, settings } = service
    const askEvaluator = (signal: AbortSignal) => checkEvaluators(evaluatorAddresses(settings), signal)
    const checkHealth = () => checkDependencies({ db, objectStore, askEvaluator })
    return reply(200, await getOverview(context, { checkHealth }))
  }),
)
