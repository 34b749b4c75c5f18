import { and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import type { Admission } from './admit-model.ts'
import { countEvaluations, FINAL_DATASET, findLatestEvaluations } from './evaluations.ts'
import type { AdmissionReport, ModelVersionView } from './schema.ts'

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
  return await viewsOf(context.db, rows)
}

/** Also an archived one: runs refer to it. */
export async function getModelVersion(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<ModelVersionView> {
  const rows = await selectVersions(context.db).where(eq(modelVersions.id, input.id))
  const [view] = await viewsOf(context.db, rows)
  if (view === undefined) throw noSuchVersion(input.id)
  return view
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

type VersionRow = Awaited<ReturnType<typeof selectVersions>>[number]

async function viewsOf(db: Database, rows: readonly VersionRow[]): Promise<ModelVersionView[]> {
  const ids = rows.map(({ version }) => version.id)
  const latest = await findLatestEvaluations(db, ids)
  const counts = await countEvaluations(db, ids)
  return rows.map((row) => {
    const latestEvaluations = latest.get(row.version.id) ?? []
    return {
      ...describeVersion(row),
      evaluations: counts.get(row.version.id) ?? 0,
      latestEvaluations,
      finalEvaluation: latestEvaluations.find(({ dataset }) => dataset === FINAL_DATASET) ?? null,
    }
  })
}

function describeVersion({ version, name }: VersionRow) {
  const card = version.card as ModelCard // checked when it was stored
  return {
    id: version.id,
    name,
    number: version.number,
    label: `${name} v${version.number}`,
    sha256: version.sha256,
    sizeBytes: version.sizeBytes,
    findingClasses: version.findingClasses,
    preprocessing: version.sha256 === null ? null : card.preprocessing,
    preprocessingSha256: version.preprocessingSha256,
    stage: null,
    lineage: card.lineage ?? null,
    card,
    admission: reportOf(version.admission as Admission | null),
    createdAt: version.createdAt,
    createdBy: version.createdBy,
    archivedAt: version.archivedAt,
  }
}

function reportOf(admission: Admission | null): AdmissionReport | null {
  if (admission === null) return null
  const dryRunMilliseconds = admission.inferenceSeconds * 1000
  return { ...admission, deterministic: true, dryRunMilliseconds, model: admission.model ?? null }
}
