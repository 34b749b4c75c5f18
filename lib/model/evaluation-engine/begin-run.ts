import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns, predictionSets } from '#db/schema/evaluation-run.ts'
import { changeRun, lockRun } from '#lib/model/evaluation-run/change-run.ts'
import { countPredicted } from '#lib/model/evaluation-run/manifest.ts'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import { executionProviderSchema } from '#lib/model/evaluator/evaluator-contract.ts'
import type { Stamp } from '#lib/model/evaluator/evaluator-stamp.ts'
import { LeaseLost } from '#lib/platform/lease/lease.ts'
import type { BegunRun, ClaimedRun } from './claimed-run.ts'

/** Fixes by which provider the run is computed, and counts what other runs have computed already. */
export async function beginRun(
  db: Database,
  run: ClaimedRun,
  options: { provider: ExecutionProvider; images: number },
): Promise<BegunRun> {
  const stamp = stampOf(run, options.provider)
  const predictionSetId = await findOrCreatePredictionSet(db, stamp)
  const scope = { ...run.scope, predictionSetId }
  const { predicted, reused } = await countPredicted(db, scope)
  await db.transaction(async (tx) => {
    const locked = await lockRun(tx, run.id)
    const { decision } = await changeRun(tx, locked, {
      type: 'begin',
      epoch: run.epoch,
      images: options.images,
    })
    if (decision.kind === 'stale') throw new LeaseLost(`Run ${run.id} is no longer held.`)
    await tx
      .update(evaluationRuns)
      .set({ predictionSetId, reusedCount: reused, settledBeforeCount: predicted })
      .where(eq(evaluationRuns.id, run.id))
  })
  return { ...run, scope, stamp }
}

/** The run as an earlier holder has begun it; null where none has. */
export async function findBegunRun(db: Database, run: ClaimedRun): Promise<BegunRun | null> {
  const { predictionSetId } = run.scope
  if (predictionSetId === null) return null
  const [set] = await db
    .select({ provider: predictionSets.provider })
    .from(predictionSets)
    .where(eq(predictionSets.id, predictionSetId))
  const provider = executionProviderSchema.parse(set?.provider)
  return { ...run, scope: { ...run.scope, predictionSetId }, stamp: stampOf(run, provider) }
}

function stampOf({ model, preprocessingSha256 }: ClaimedRun, provider: ExecutionProvider): Stamp {
  return { modelSha256: model.sha256, preprocessingSha256, provider }
}

async function findOrCreatePredictionSet(db: Database, identity: Stamp): Promise<number> {
  await db.insert(predictionSets).values(identity).onConflictDoNothing()
  const [set] = await db
    .select({ id: predictionSets.id })
    .from(predictionSets)
    .where(
      and(
        eq(predictionSets.modelSha256, identity.modelSha256),
        eq(predictionSets.preprocessingSha256, identity.preprocessingSha256),
        eq(predictionSets.provider, identity.provider),
      ),
    )
  if (set === undefined) throw new Error('A prediction set vanished.')
  return set.id
}
