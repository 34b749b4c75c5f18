import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { readStoredCard } from '#lib/model/card/read-card.ts'
import type { RunRow } from '#lib/model/evaluation-run/change-run.ts'
import type { RunScope } from '#lib/model/evaluation-run/manifest.ts'
import type { ModelReference } from '#lib/model/evaluator/evaluator-contract.ts'
import type { Stamp } from '#lib/model/evaluator/evaluator-stamp.ts'
import type { Lease } from '#lib/platform/lease/lease.ts'
import { RunFailure } from './run-failure.ts'

/** A run as its holder passes it on: the lease that all it writes is held to, which model, which images. */
export type ClaimedRun = Lease & {
  model: ModelReference
  preprocessingSha256: string
  dataset: { name: string; location: string | null }
  scope: RunScope
  allowUnknownClasses: boolean
  /** Aborts when the holder has to stop: the lease is lost, the time is up, or the process ends. */
  signal: AbortSignal
}

/** A claimed run of which it is fixed by which provider it is computed, and so into which prediction set. */
export type BegunRun = ClaimedRun & {
  scope: { predictionSetId: number }
  /** What every answer must have been computed by. */
  stamp: Stamp
}

export async function loadClaimedRun(db: Database, row: RunRow, signal: AbortSignal): Promise<ClaimedRun> {
  const [about] = await db
    .select({ version: modelVersions, dataset: datasets })
    .from(modelVersions)
    .innerJoin(datasets, eq(datasets.id, row.datasetId))
    .where(eq(modelVersions.id, row.modelVersionId))
  if (about === undefined) throw new Error(`Run ${row.id} refers to a version or dataset that is not there.`)
  const { version, dataset } = about
  if (version.sha256 === null || version.preprocessingSha256 === null)
    throw new RunFailure(
      'NO_MODEL_FILE',
      'This version has imported predictions only: there is no model to run.',
    )
  return {
    id: row.id,
    epoch: row.epoch,
    model: { sha256: version.sha256, card: readStoredCard(version.card) },
    preprocessingSha256: version.preprocessingSha256,
    dataset: { name: dataset.name, location: dataset.location },
    scope: {
      runId: row.id,
      snapshotId: row.snapshotId,
      predictionSetId: row.predictionSetId,
      findingClasses: version.findingClasses,
    },
    allowUnknownClasses: row.allowUnknownClasses,
    signal,
  }
}
