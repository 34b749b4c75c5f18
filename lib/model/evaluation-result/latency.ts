import { eq, sql } from 'drizzle-orm'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { predictions } from '#db/schema/evaluation-run.ts'
import { isOver } from '#lib/model/evaluation-run/lifecycle.ts'
import { isKnown, ownPrediction } from '#lib/model/evaluation-run/manifest.ts'
import { getRun, getScope } from '#lib/model/evaluation-run/queries.ts'
import type { RunLatency } from '#lib/model/evaluation-run/schema.ts'
import type { Context } from '#lib/platform/context.ts'

const NO_LATENCY: RunLatency = {
  decodeMeanSeconds: null,
  decodeP99Seconds: null,
  inferenceMeanSeconds: null,
  inferenceP99Seconds: null,
}

export async function getRunLatency(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<RunLatency> {
  const { db } = context
  const run = await getRun(db, input.id)
  // A client that polls a run's progress must not have its rows sorted each time.
  if (!isOver(run)) return NO_LATENCY
  const scope = await getScope(db, run)
  const mean = (column: typeof predictions.decodeSeconds | typeof predictions.inferenceSeconds) =>
    sql<number | null>`avg(${column})`
  const p99 = (column: typeof predictions.decodeSeconds | typeof predictions.inferenceSeconds) =>
    sql<number | null>`percentile_cont(0.99) within group (order by ${column})`
  const [latency] = await db
    .select({
      decodeMeanSeconds: mean(predictions.decodeSeconds),
      decodeP99Seconds: p99(predictions.decodeSeconds),
      inferenceMeanSeconds: mean(predictions.inferenceSeconds),
      inferenceP99Seconds: p99(predictions.inferenceSeconds),
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .innerJoin(predictions, ownPrediction(scope))
    .where(sql`${eq(snapshotImages.snapshotId, scope.snapshotId)} and ${isKnown(scope)}`)
  return latency ?? NO_LATENCY
}
