import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { readStoredCard } from '#lib/model/card/read-card.ts'
import type { RunRow } from '#lib/model/evaluation-run/change-run.ts'
import type { RunScope } from '#lib/model/evaluation-run/manifest.ts'
import type { ModelReference } from '#lib/model/evaluator/evaluator-contract.ts'
import { RunFailure } from './run-failure.ts'

/** What a run is about: which model, which images. */
export type RunInputs = {
  model: ModelReference
  preprocessingSha256: string
  dataset: { name: string; location: string | null }
  scope: RunScope
}

export async function loadRunInputs(db: Database, run: RunRow): Promise<RunInputs> {
  const [row] = await db
    .select({ version: modelVersions, dataset: datasets })
    .from(modelVersions)
    .innerJoin(datasets, eq(datasets.id, run.datasetId))
    .where(eq(modelVersions.id, run.modelVersionId))
  if (row === undefined) throw new Error(`Run ${run.id} refers to a version or dataset that is not there.`)
  const { version, dataset } = row
  if (version.sha256 === null || version.preprocessingSha256 === null)
    throw new RunFailure(
      'NO_MODEL_FILE',
      'This version has imported predictions only: there is no model to run.',
    )
  return {
    model: { sha256: version.sha256, card: readStoredCard(version.card) },
    preprocessingSha256: version.preprocessingSha256,
    dataset: { name: dataset.name, location: dataset.location },
    scope: {
      runId: run.id,
      snapshotId: run.snapshotId,
      predictionSetId: run.predictionSetId,
      findingClasses: version.findingClasses,
    },
  }
}
