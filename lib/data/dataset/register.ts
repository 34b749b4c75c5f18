import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { assertDatasetName } from '#lib/data/dataset-source/dataset-name.ts'
import type { Dataset } from '#lib/data/dataset-source/find-active.ts'
import { assertUsableLocation, type DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { assertPatientPattern } from '#lib/data/snapshot/patient-pattern.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { formatLocation } from '#lib/platform/object-store/location.ts'
import type { RegisterDatasetInput } from './schema.ts'

/** A dataset that may be registered: its location was looked at. */
export type PreparedDataset = { name: string; location: string | null; patientPattern: string | null }

/** Checks names and patterns, and that the location is one that may be used: a look at its folder. */
export async function prepareDataset(
  sources: DatasetSources,
  input: RegisterDatasetInput,
): Promise<PreparedDataset> {
  assertDatasetName(input.name)
  const patientPattern = input.patientPattern ?? null
  if (patientPattern !== null) assertPatientPattern(patientPattern)
  const stated = input.location ?? null
  const location = stated === null ? null : formatLocation(await assertUsableLocation(sources, stated))
  return { name: input.name, location, patientPattern }
}

/** Makes a dataset known by name. Nothing is read from its location yet: that is the first snapshot's work. */
export async function registerDataset(
  context: Context,
  sources: DatasetSources,
  input: RegisterDatasetInput,
): Promise<Dataset> {
  return await insertDataset(context, await prepareDataset(sources, input))
}

export async function insertDataset(
  context: Context,
  { name, location, patientPattern }: PreparedDataset,
): Promise<Dataset> {
  return await context.db.transaction(async (tx) => {
    if (location === null) await assertNoFilesLeft(tx, name)
    const [dataset] = await tx
      .insert(datasets)
      .values({
        name,
        location,
        patientPattern,
        createdAt: context.now,
        createdBy: context.actor.id,
      })
      .onConflictDoNothing({ target: datasets.name, where: isNull(datasets.archivedAt) })
      .returning()
    if (dataset === undefined) {
      throw new ServiceError('CONFLICT', `There is a dataset ${JSON.stringify(name)} already.`, {
        code: 'NAME_TAKEN',
      })
    }
    await recordAuditEvent(tx, context, {
      action: 'dataset.register',
      objectType: 'dataset',
      objectId: dataset.id,
      after: { name: dataset.name, location, patientPattern },
    })
    return dataset
  })
}

/** Uploaded files outlive the archived dataset: under a new one of the same name they would come back as its own. */
async function assertNoFilesLeft(tx: Database, name: string): Promise<void> {
  const left = await tx
    .select({ id: datasets.id, archivedAt: datasets.archivedAt })
    .from(datasets)
    .where(and(eq(datasets.name, name), isNull(datasets.location)))
  if (left.every(({ archivedAt }) => archivedAt === null)) return
  throw new ServiceError(
    'CONFLICT',
    `The files of an archived dataset ${JSON.stringify(name)} are still stored: choose another name.`,
    { code: 'NAME_HAS_FILES' },
  )
}
