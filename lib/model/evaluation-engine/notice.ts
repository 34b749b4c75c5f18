import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { isHeldBy, type Lease } from '#lib/platform/lease/lease.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { RUN_WORK } from './run-lease.ts'

const WHO_IS_AWAY = { EVALUATOR_AWAY: 'evaluator', STORE_AWAY: 'object store' } as const

type Dependencies = Pick<EvaluationDependencies, 'db' | 'now' | 'logger'>

/** Says that no evaluator can be asked, or (null) that one can. */
export async function noticeEvaluator(
  dependencies: Dependencies,
  lease: Lease,
  detail: string | null,
): Promise<void> {
  await writeNotice(dependencies, lease, detail === null ? null : { code: 'EVALUATOR_AWAY', detail })
}

/** Says in the run's row why it stands still, or (null) that it goes on. A run that is not ours is left alone. */
export async function writeNotice(
  { db, now, logger }: Dependencies,
  lease: Lease,
  notice: { code: keyof typeof WHO_IS_AWAY; detail: string } | null,
): Promise<void> {
  const since = now().toISOString()
  const reason =
    notice === null
      ? { failureCode: null, failureDetail: null }
      : {
          failureCode: notice.code,
          failureDetail: `The ${WHO_IS_AWAY[notice.code]} is away since ${since}: ${notice.detail}`,
        }
  try {
    await db.update(evaluationRuns).set(reason).where(isHeldBy(RUN_WORK, lease))
  } catch (error) {
    // Only shown, never relied on.
    logger.warn({ runId: lease.id, error: String(error) }, 'a notice was not written')
  }
}
