import { getOverviewEndpoint } from '#lib/delivery/endpoints/overview.ts'
import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { getOverview } from '#lib/delivery/overview/get-overview.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'

export const OVERVIEW_ROUTES: readonly Route[] = [
  route(getOverviewEndpoint, async ({ context, service }) => {
    const { databaseProbe, objectStore, settings } = service
    const askEvaluator = (signal: AbortSignal) => checkEvaluators(evaluatorAddresses(settings), signal)
    const checkHealth = () => checkDependencies({ databaseProbe, objectStore, askEvaluator })
    return reply(200, await getOverview(context, { checkHealth }))
  }),
]
