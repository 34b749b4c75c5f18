import { getModelComparisonEndpoint } from '#lib/delivery/endpoints/model-comparisons.ts'
import { getModelComparison } from '#lib/model/comparison/get-comparison.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getModelComparisonEndpoint, async ({ context, query, service }) => {
    const { baseline, candidate, dataset, intersection, resamples, seed, ...gateRules } = query
    const compared = { baseline, candidate, dataset, intersection, resamples, seed }
    return reply(200, await getModelComparison(context, service.settings.gate, { ...compared, gateRules }))
  }),
)
