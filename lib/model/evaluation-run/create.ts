import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { requestSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { announceWork } from '#lib/platform/background/announce-work.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { RunRow } from './change-run.ts'
import { QUEUE_DEADLINE_SECONDS } from './lifecycle.ts'
import { peekAtClasses } from './peek-at-classes.ts'
import type { CreateEvaluationRunInput } from './schema.ts'
import { describeUnknownClasses } from './unknown-classes.ts'

/** A run that may be queued: its dataset has been looked into. */
export type PreparedRun = { modelVersionId: string; dataset: string; allowUnknownClasses: boolean }

/**
 * Looks whether the dataset can be evaluated as it is now. What a short look shows to be wrong is refused at once; the
 * rest fails the run after its scan. Asks the dataset's store, so never inside a transaction.
 */
export async function prepareEvaluationRun(
  { db }: Pick<Context, 'db'>,
  sources: DatasetSources,
  input: CreateEvaluationRunInput,
): Promise<PreparedRun> {
  const allowUnknownClasses = input.allowUnknownClasses ?? false
  const dataset = await getActiveDataset(db, input.dataset)
  const version = await getRunnableVersion(db, input.modelVersionId)
  const { emptiness, findingClasses } = await peekAtClasses(sources, dataset)
  const unknown = findingClasses.filter((name) => !version.findingClasses.includes(name))
  if (emptiness !== null) throw refuse('EMPTY_DATASET', emptiness)
  if (unknown.length > 0 && !allowUnknownClasses)
    throw refuse('UNKNOWN_CLASS', describeUnknownClasses(unknown), { findingClasses: unknown })
  return { modelVersionId: version.id, dataset: dataset.name, allowUnknownClasses }
}

/** Looks into the dataset, then queues the run. */
export async function createEvaluationRun(
  context: Context,
  sources: DatasetSources,
  input: CreateEvaluationRunInput,
): Promise<RunRow> {
  return await queueEvaluationRun(context, await prepareEvaluationRun(context, sources, input))
}

/** Queues a run over the dataset as it is now: the run and the scan that freezes its images are one change. */
export async function queueEvaluationRun(
  context: Context,
  { modelVersionId, dataset, allowUnknownClasses }: PreparedRun,
): Promise<RunRow> {
  const run = await context.db.transaction(async (tx) => {
    await getRunnableVersion(tx, modelVersionId, 'share')
    const { snapshot } = await requestSnapshot(tx, context, { dataset })
    const [run] = await tx
      .insert(evaluationRuns)
      .values({
        modelVersionId,
        datasetId: snapshot.datasetId,
        snapshotId: snapshot.id,
        allowUnknownClasses,
        createdBy: context.actor.id,
        createdAt: sql`clock_timestamp()`,
        deadline: sql`clock_timestamp() + make_interval(secs => ${QUEUE_DEADLINE_SECONDS})`,
      })
      .returning()
    if (run === undefined) throw new Error('The insert of a run gave no row.')
    await recordAuditEvent(tx, context, {
      action: 'evaluation-run.create',
      objectType: 'evaluation-run',
      objectId: run.id,
      after: {
        modelVersionId,
        dataset,
        snapshotId: snapshot.id,
        allowUnknownClasses,
      },
    })
    return run
  })
  announceWork(context.db)
  return run
}

/** A version in use that has a model. `lock`: it is not archived until the transaction ends. */
async function getRunnableVersion(db: Database, id: string, lock?: 'share') {
  const query = db
    .select()
    .from(modelVersions)
    .where(and(eq(modelVersions.id, id), isNull(modelVersions.archivedAt)))
  const [version] = lock === undefined ? await query : await query.for(lock)
  if (version === undefined) throw new ServiceError('NOT_FOUND', `There is no model version ${id}.`)
  if (version.sha256 === null)
    throw refuse('NO_MODEL_FILE', 'This version has imported predictions only: there is no model to run.')
  return version
}

function refuse(code: string, message: string, details?: unknown): ServiceError {
  return new ServiceError('UNPROCESSABLE', message, { code, details })
}
