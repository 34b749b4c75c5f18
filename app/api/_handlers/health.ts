import { healthEndpoint } from '#lib/delivery/endpoints/health.ts'
import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'

export const HEALTH_ROUTES: readonly Route[] = [
  route(healthEndpoint, async ({ service }) => {
    const addresses = evaluatorAddresses(service.settings)
    const health = await checkDependencies({
      databaseProbe: service.databaseProbe,
      objectStore: service.objectStore,
      askEvaluator: (signal) => checkEvaluators(addresses, signal),
    })
    return health.status === 'down' ? reply(503, health) : reply(200, health)
  }),
]
