import path from 'node:path'
import { insertDataset, prepareDataset } from '#lib/data/dataset/register.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { createSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { DEMO_PATIENT_PATTERN } from '../../../demo/make-dataset.ts'

/**
 * Registers a dataset whose images lie in `folder`, and asks for its first snapshot, which counts them; both or
 * neither. False where a person has taken the name.
 */
export async function registerDemoDataset(
  context: Context,
  sources: DatasetSources,
  dataset: { name: string; folder: string },
): Promise<boolean> {
  const location = `file:${path.join(dataset.folder, dataset.name)}`
  try {
    const prepared = await prepareDataset(sources, {
      name: dataset.name,
      location,
      patientPattern: DEMO_PATIENT_PATTERN,
    })
    await context.db.transaction(async (tx) => {
      const inside = { ...context, db: tx }
      await insertDataset(inside, prepared)
      await createSnapshot(inside, { dataset: dataset.name })
    })
    return true
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'NAME_TAKEN') return false
    throw error
  }
}
