import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRunErrors, evaluationRuns, predictions } from '#db/schema/evaluation-run.ts'
import { isHeldBy, type Lease, LeaseLost } from '#lib/platform/lease/lease.ts'
import type { BegunRun } from './claimed-run.ts'
import { RUN_WORK } from './run-lease.ts'

export type PredictionRow = {
  imageSha256: string
  predictedIndex: number
  probabilities: readonly number[]
  decodeSeconds: number
  inferenceSeconds: number
}

export type ErrorRow = { imageId: number; code: string; message: string }

export type Batch = { predictions: readonly PredictionRow[]; errors: readonly ErrorRow[] }

/** The longest message that the contract's writers compose, with room; a hostile one is cut. */
const MAX_MESSAGE_LENGTH = 500

/**
 * Stores answers, or nothing when the run was taken over or cancelled: the lock on the run's row makes its thief
 * wait for this transaction, and a transaction that begins after the theft sees the newer epoch. A row that is
 * already there stays as it is, so a batch may be repeated when its commit was not heard of.
 */
export async function writeBatch(
  db: Database,
  run: Pick<BegunRun, 'id' | 'epoch' | 'scope'>,
  batch: Batch,
  options: { isFirst: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    const held = await (options.isFirst ? lockAndClearAttempts(tx, run) : lockShared(tx, run))
    if (held === undefined) throw new LeaseLost(`Run ${run.id} is no longer held at epoch ${run.epoch}.`)
    if (batch.predictions.length > 0) await insertPredictions(tx, run, batch.predictions)
    if (batch.errors.length > 0) await insertErrors(tx, run, batch.errors)
  })
}

async function lockShared(tx: Database, lease: Lease) {
  const query = tx
    .select({ id: evaluationRuns.id })
    .from(evaluationRuns)
    .where(isHeldBy(RUN_WORK, lease))
    .for('share')
  return (await query)[0]
}

/** An attempt that stores something is not held against the run, and what it waited for is back. */
async function lockAndClearAttempts(tx: Database, lease: Lease) {
  const query = tx
    .update(evaluationRuns)
    .set({ attemptCount: 0, failureCode: null, failureDetail: null })
    .where(isHeldBy(RUN_WORK, lease))
  return (await query.returning({ id: evaluationRuns.id }))[0]
}

async function insertPredictions(
  tx: Database,
  run: Pick<BegunRun, 'id' | 'epoch' | 'scope'>,
  rows: readonly PredictionRow[],
): Promise<void> {
  // unnest() takes nested arrays apart, so each row's probabilities travel as the text of an array; JavaScript
  // writes the shortest text that gives the same float64 back, and PostgreSQL rounds it to exactly that.
  await tx.execute(sql`
    insert into ${predictions}
      (prediction_set_id, image_sha256, predicted_index, probabilities, run_id, epoch, decode_seconds, inference_seconds)
    select ${run.scope.predictionSetId}, image_sha256, predicted_index, probabilities::double precision[],
           ${run.id}::uuid, ${run.epoch}, decode_seconds, inference_seconds
    from unnest(
      ${sql.param(rows.map((row) => Buffer.from(row.imageSha256, 'hex')))}::bytea[],
      ${sql.param(rows.map((row) => row.predictedIndex))}::smallint[],
      ${sql.param(rows.map((row) => `{${row.probabilities.join(',')}}`))}::text[],
      ${sql.param(rows.map((row) => row.decodeSeconds))}::real[],
      ${sql.param(rows.map((row) => row.inferenceSeconds))}::real[]
    ) as answer (image_sha256, predicted_index, probabilities, decode_seconds, inference_seconds)
    order by image_sha256 -- one order for all writers of a set: they cannot wait for each other in a circle
    on conflict do nothing`)
}

async function insertErrors(tx: Database, lease: Lease, rows: readonly ErrorRow[]): Promise<void> {
  await tx.execute(sql`
    insert into ${evaluationRunErrors} (run_id, image_id, code, message, epoch)
    select ${lease.id}::uuid, image_id, code, message, ${lease.epoch}
    from unnest(
      ${sql.param(rows.map((row) => row.imageId))}::bigint[],
      ${sql.param(rows.map((row) => row.code))}::text[],
      ${sql.param(rows.map((row) => storableText(row.message)))}::text[]
    ) as answer (image_id, code, message)
    on conflict do nothing`)
}

/** PostgreSQL keeps no NUL in a text. */
function storableText(message: string): string {
  return message.replaceAll('\0', '').toWellFormed().slice(0, MAX_MESSAGE_LENGTH)
}
