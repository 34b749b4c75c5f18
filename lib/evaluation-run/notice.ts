import { and, eq } from 'drizzle-orm'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import type { Ownership } from './write-batch.ts'

/** Says in the run's row why it stands still, or (null) that it goes on. A run that is not ours is left alone. */
export async function writeNotice(
  { db, now, logger }: Pick<EvaluationDependencies, 'db' | 'now' | 'logger'>,
  owner: Ownership,
  detail: string | null,
): Promise<void> {
  const since = now().toISOString()
  const reason =
    detail === null
      ? { failureCode: null, failureDetail: null }
      : { failureCode: 'EVALUATOR_AWAY', failureDetail: `The evaluator is away since ${since}: ${detail}` }
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
