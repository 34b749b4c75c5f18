import { checkDependencies } from '#lib/delivery/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/delivery/health/check-evaluators.ts'
import { getOverview } from '#lib/delivery/overview/get-overview.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import type { Context } from '#lib/platform/context.ts'
import { getService } from '#lib/platform/service/service.ts'

/** The overview with what is away at this moment. */
export function getOverviewNow(context: Context) {
  const { databaseProbe, objectStore, settings } = getService()
  const askEvaluator = (signal: AbortSignal) => checkEvaluators(evaluatorAddresses(settings), signal)
  return getOverview(context, {
    checkHealth: () => checkDependencies({ databaseProbe, objectStore, askEvaluator }),
  })
}
