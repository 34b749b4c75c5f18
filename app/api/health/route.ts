import { healthEndpoint } from '#lib/delivery/endpoints/health.ts'
import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(healthEndpoint, async ({ service }) => {
    const addresses = evaluatorAddresses(service.settings)
    const health = await checkDependencies({
      databaseProbe: service.databaseProbe,
      objectStore: service.objectStore,
      askEvaluator: (signal) => checkEvaluators(addresses, signal),
    })
    return health.status === 'down' ? reply(503, health) : reply(200, health)
  }),
)
