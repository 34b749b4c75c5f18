import type { Context } from '#lib/context.ts'
import { evaluatorAddresses } from '#lib/evaluation-run/evaluator-addresses.ts'
import { checkDependencies } from '#lib/health/check-dependencies.ts'
import { checkEvaluators } from '#lib/health/check-evaluators.ts'
import { getOverview } from '#lib/overview/get-overview.ts'
import { getService } from '#lib/service.ts'

/** The overview with what is away at this moment. */
export function getOverviewNow(context: Context) {
  const { db, objectStore, settings } = getService()
  const askEvaluator = (signal: AbortSignal) => checkEvaluators(evaluatorAddresses(settings), signal)
  return getOverview(context, { checkHealth: () => checkDependencies({ db, objectStore, askEvaluator }) })
}
