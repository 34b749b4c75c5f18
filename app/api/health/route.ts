import { healthEndpoint } from '#lib/api/endpoints/health.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { evaluatorAddresses } from '#lib/evaluation-run/evaluator-addresses.ts'
import { checkDependencies } from '#lib/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/health/check-evaluators.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(healthEndpoint, async ({ service }) => {
    const addresses = evaluatorAddresses(service.settings)
    const health = await checkDependencies({
      db: service.db,
      objectStore: service.objectStore,
      askEvaluator: (signal) => checkEvaluators(addresses, signal),
    })
    return health.status === 'down' ? reply(503, health) : reply(200, health)
  }),
)
