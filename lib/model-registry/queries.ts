import { and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import type { Context } from '#lib/context.ts'
import { ServiceError } from '#lib/errors.ts'
import type { Admission } from './admit-model.ts'
import type { ModelCard, Preprocessing } from './model-card.ts'

export type ModelVersionView = {
  id: string
  name: string
  number: number
  /** Null where only the version's predictions were imported. */
  sha256: string | null
  sizeBytes: number | null
  findingClasses: string[]
  preprocessing: Preprocessing | null
  preprocessingSha256: string | null
  /** Where the version is used; null until it is promoted. */
  stage: 'staging' | 'canary' | 'production' | null
  lineage: NonNullable<ModelCard['lineage']> | null
  card: ModelCard
  admission: Admission | null
  createdAt: Date
  createdBy: string
  archivedAt: Date | null
}

/** Newest first, without the archived ones. */
export async function listModelVersions(
  context: Pick<Context, 'db'>,
  query: {
    name?: string | undefined
    after: { createdAt: Date; id: string } | null
    take: number
  },
): Promise<ModelVersionView[]> {
  const rows = await selectVersions(context.db)
    .where(
      and(
        isNull(modelVersions.archivedAt),
        query.name === undefined ? undefined : eq(models.name, query.name),
        query.after === null ? undefined : isAfter(query.after),
      ),
    )
    .orderBy(desc(listTime), desc(modelVersions.id))
    .limit(query.take)
  return rows.map(viewOf)
}

/** Also an archived one: runs refer to it. */
export async function getModelVersion(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<ModelVersionView> {
  const [row] = await selectVersions(context.db).where(eq(modelVersions.id, input.id))
  if (row === undefined) throw noSuchVersion(input.id)
  return viewOf(row)
}

export function noSuchVersion(id: string): ServiceError {
  return new ServiceError('NOT_FOUND', `There is no model version ${id}.`)
}

function selectVersions(db: Database) {
  return db
    .select({ version: modelVersions, name: models.name })
    .from(modelVersions)
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .$dynamic()
}

/** Cursors carry JavaScript's milliseconds, the column microseconds. */
const listTime = sql`date_trunc('milliseconds', ${modelVersions.createdAt})`

function isAfter({ createdAt, id }: { createdAt: Date; id: string }): SQL | undefined {
  const at = createdAt.toISOString()
  return or(
    sql`${listTime} < ${at}::timestamptz`,
    and(sql`${listTime} = ${at}::timestamptz`, lt(modelVersions.id, id)),
  )
}

function viewOf({
  version,
  name,
}: {
  version: typeof modelVersions.$inferSelect
  name: string
}): ModelVersionView {
  const card = version.card as ModelCard // checked when it was stored
  return {
    id: version.id,
    name,
    number: version.number,
    sha256: version.sha256,
    sizeBytes: version.sizeBytes,
    findingClasses: version.findingClasses,
    preprocessing: version.sha256 === null ? null : card.preprocessing,
    preprocessingSha256: version.preprocessingSha256,
    stage: null,
    lineage: card.lineage ?? null,
    card,
    admission: version.admission as Admission | null,
    createdAt: version.createdAt,
    createdBy: version.createdBy,
    archivedAt: version.archivedAt,
  }
}
