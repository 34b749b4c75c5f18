import { and, eq } from 'drizzle-orm'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import type { Ownership } from './write-batch.ts'

const WHO_IS_AWAY = { EVALUATOR_AWAY: 'evaluator', STORE_AWAY: 'object store' } as const

/** Says in the run's row why it stands still, or (null) that it goes on. A run that is not ours is left alone. */
export async function writeNotice(
  { db, now, logger }: Pick<EvaluationDependencies, 'db' | 'now' | 'logger'>,
  owner: Ownership,
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
    await db
      .update(evaluationRuns)
      .set(reason)
      .where(
        and(
          eq(evaluationRuns.id, owner.runId),
          eq(evaluationRuns.epoch, owner.epoch),
          eq(evaluationRuns.status, 'running'),
        ),
      )
  } catch (error) {
    // Only shown, never relied on.
    logger.warn({ runId: owner.runId, error: String(error) }, 'a notice was not written')
  }
}
