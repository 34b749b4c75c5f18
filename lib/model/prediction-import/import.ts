import { createHash, randomUUID } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import pRetry from 'p-retry'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRuns, predictionSets } from '#db/schema/evaluation-run.ts'
import { findNewestSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import type { RunResult } from '#lib/model/evaluation-result/compute-metrics.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { takeTurns } from '#lib/platform/concurrency/take-turns.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { checkImport } from './check-import.ts'
import { findTarget, type ImportTarget } from './find-target.ts'
import { measureImport } from './measure-import.ts'
import { type ImportPlan, planImport } from './plan-import.ts'
import type { ImportedPredictions, ImportedRun } from './schema.ts'
import { storeDataset, storeImages } from './store-images.ts'
import { storePredictionSet, storeRun, storeVersion } from './store-run.ts'

/** Others may change the dataset between the look at it and the change; more often than this is not chance. */
const ATTEMPTS = 3

/**
 * Takes predictions made elsewhere as a new version's finished run, so that everything that reads runs reads it like
 * any other. All or nothing. `idempotencyKey`: the same actor's import under the same key is made once; without one
 * each import is a version of its own.
 */
export async function importPredictions(
  context: Context,
  input: ImportedPredictions,
  options: { idempotencyKey: string | null },
): Promise<ImportedRun> {
  checkImport(input)
  const importKey = options.idempotencyKey === null ? null : hashKey(context, options.idempotencyKey)
  // Each finds the images of the import before it.
  return await takeTurns(`import into ${input.dataset}`, async () => {
    const importOnce = async () => {
      const before = importKey === null ? null : await findImport(context.db, importKey)
      if (before !== null) return before
      const target = await findTarget(context.db, input.dataset)
      const plan = planImport(input, target, randomUUID())
      const result = await measureImport(plan, input.modelVersion.findingClasses)
      return await store(context, input, { target, plan, result, importKey })
    }
    const shouldRetry = ({ error }: { error: Error }) =>
      error instanceof ServiceError && error.code === DATASET_CHANGED
    return await pRetry(importOnce, { retries: ATTEMPTS - 1, minTimeout: 0, shouldRetry })
  })
}

const DATASET_CHANGED = 'DATASET_CHANGED'

/** The dataset is not what the plan was made for: it is looked at again. */
function targetChanged(name: string): ServiceError {
  const message = `The dataset ${name} changed while predictions were imported into it: repeat the import.`
  return new ServiceError('CONFLICT', message, { code: DATASET_CHANGED })
}

async function store(
  context: Context,
  input: ImportedPredictions,
  made: { target: ImportTarget; plan: ImportPlan; result: RunResult; importKey: string | null },
): Promise<ImportedRun> {
  const { target, plan, result, importKey } = made
  return await context.db.transaction(async (tx) => {
    await holdTarget(tx, input.dataset, target)
    const predictionSetId = await storePredictionSet(tx, importKey)
    if (predictionSetId === null) throw targetChanged(input.dataset) // the same import: found when looked for again
    const dataset = { id: plan.datasetId, name: input.dataset }
    if (target.datasetId === null && !(await storeDataset(tx, context, dataset)))
      throw targetChanged(input.dataset)
    const snapshotId = await storeImages(tx, context, plan)
    const modelVersionId = await storeVersion(tx, context, input.modelVersion)
    const run = { modelVersionId, snapshotId, predictionSetId, plan, result }
    const evaluationRunId = await storeRun(tx, context, run)
    await recordAuditEvent(tx, context, {
      action: 'prediction-set.import',
      objectType: 'prediction-set',
      objectId: String(predictionSetId),
      after: {
        ...{
          name: input.modelVersion.name,
          dataset: input.dataset,
          modelVersionId,
          evaluationRunId,
          snapshotId,
        },
        ...{ n: result.n, errors: result.errors, accuracy: result.overall.accuracy },
      },
    })
    return { modelVersionId, evaluationRunId }
  })
}

/** Keeps the dataset as it was found until the transaction ends, or throws. */
async function holdTarget(tx: Database, name: string, target: ImportTarget): Promise<void> {
  const [dataset] = await tx
    .select({ id: datasets.id })
    .from(datasets)
    .where(and(eq(datasets.name, name), isNull(datasets.archivedAt)))
    .for('no key update')
  if ((dataset?.id ?? null) !== target.datasetId) throw targetChanged(name)
  if (dataset === undefined) return
  const ready = await findNewestSnapshots(tx, [dataset.id], { ready: true })
  if ((ready.get(dataset.id)?.id ?? null) !== target.snapshotId) throw targetChanged(name)
}

function hashKey({ actor }: Context, idempotencyKey: string): string {
  return createHash('sha256').update(`${actor.id}\n${idempotencyKey}`).digest('hex')
}

async function findImport(db: Database, importKeySha256: string): Promise<ImportedRun | null> {
  const [run] = await db
    .select({ modelVersionId: evaluationRuns.modelVersionId, evaluationRunId: evaluationRuns.id })
    .from(predictionSets)
    .innerJoin(evaluationRuns, eq(evaluationRuns.predictionSetId, predictionSets.id))
    .where(eq(predictionSets.importKeySha256, importKeySha256))
    .limit(1)
  return run ?? null
}
