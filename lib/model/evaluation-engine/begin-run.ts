import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns, predictionSets } from '#db/schema/evaluation-run.ts'
import { changeRun, lockRun } from '#lib/model/evaluation-run/change-run.ts'
import { countPredicted } from '#lib/model/evaluation-run/manifest.ts'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import { executionProviderSchema } from '#lib/model/evaluator/evaluator-contract.ts'
import { type Lease, LeaseLost } from '#lib/platform/lease/lease.ts'
import type { RunInputs } from './run-inputs.ts'

/** Fixes by which provider the run is computed, and counts what other runs have computed already. */
export async function beginRun(
  db: Database,
  lease: Lease,
  inputs: RunInputs,
  options: { provider: ExecutionProvider; images: number },
): Promise<number> {
  const predictionSetId = await findOrCreatePredictionSet(db, {
    modelSha256: inputs.model.sha256,
    preprocessingSha256: inputs.preprocessingSha256,
    provider: options.provider,
  })
  const scope = { ...inputs.scope, predictionSetId }
  const { predicted, reused } = await countPredicted(db, scope)
  await db.transaction(async (tx) => {
    const locked = await lockRun(tx, lease.id)
    const { decision } = await changeRun(tx, locked, {
      type: 'begin',
      epoch: lease.epoch,
      images: options.images,
    })
    if (decision.kind === 'stale') throw new LeaseLost(`Run ${lease.id} is no longer held.`)
    await tx
      .update(evaluationRuns)
      .set({ predictionSetId, reusedCount: reused, settledBeforeCount: predicted })
      .where(eq(evaluationRuns.id, lease.id))
  })
  return predictionSetId
}

async function findOrCreatePredictionSet(
  db: Database,
  identity: { modelSha256: string; preprocessingSha256: string; provider: ExecutionProvider },
): Promise<number> {
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

/** By which provider a run that has begun is computed. */
export async function getProvider(db: Database, predictionSetId: number): Promise<ExecutionProvider> {
  const [set] = await db
    .select({ provider: predictionSets.provider })
    .from(predictionSets)
    .where(eq(predictionSets.id, predictionSetId))
  return executionProviderSchema.parse(set?.provider)
}
