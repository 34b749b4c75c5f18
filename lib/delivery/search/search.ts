import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import type { Context } from '#lib/platform/context.ts'
import { mayDo, type Permission } from '#lib/platform/permissions.ts'
import { pageOfDataset, pageOfEvaluationRun, pageOfImage, pageOfModelVersion } from './page-address.ts'
import { type SearchHit, type SearchKind, searchKindSchema } from './schema.ts'

/** Of the images only the newest are looked through: half a second at most, whatever the number of datasets. */
const SEARCHED_IMAGES = 300_000

/** An image's hit names its dataset and finding class: a blinded reviewer must not find it here. */
const DEMANDS: Readonly<Record<SearchKind, readonly Permission[]>> = {
  'model-version': ['model-version:read'],
  'evaluation-run': ['evaluation-run:read'],
  dataset: ['dataset:read'],
  image: ['image:read', 'dataset:read'],
}

type Find = (db: Database, text: string, limit: number) => Promise<SearchHit[]>

const FINDERS: Readonly<Record<SearchKind, Find>> = {
  'model-version': findModelVersions,
  'evaluation-run': findEvaluationRuns,
  dataset: findDatasets,
  image: findImages,
}

/**
 * What of all that the actor may read has the text in its name, taken literally, upper and lower case alike; versions
 * and runs also by the beginning of their id or hash. Each kind gets its share of the limit, and what others leave.
 */
export async function search(
  context: Pick<Context, 'db' | 'actor'>,
  input: { q: string; limit: number },
): Promise<SearchHit[]> {
  const text = input.q.normalize('NFC').toLowerCase()
  const kinds = searchKindSchema.options.filter((kind) =>
    DEMANDS[kind].every((permission) => mayDo(context.actor.roles, permission)),
  )
  const found = await Promise.all(kinds.map((kind) => FINDERS[kind](context.db, text, input.limit)))
  const share = Math.ceil(input.limit / Math.max(kinds.length, 1))
  const firsts = found.flatMap((hits) => hits.slice(0, share))
  const rest = found.flatMap((hits) => hits.slice(share))
  const chosen = new Set([...firsts, ...rest].slice(0, input.limit))
  return found.flat().filter((hit) => chosen.has(hit))
}

type VersionRow = { id: string; name: string; number: number; classes: number; sha256: string | null }

async function findModelVersions(db: Database, text: string, limit: number): Promise<SearchHit[]> {
  const { rows } = await db.execute<VersionRow>(sql`
    select version.id, model.name, version.number, cardinality(version.finding_classes) as classes,
      left(encode(version.sha256, 'hex'), 12) as sha256
    from model_versions version join models model on model.id = version.model_id
    where version.archived_at is null and (
      position(${text} in lower(model.name || ' v' || version.number)) > 0
      or starts_with(encode(version.sha256, 'hex'), ${text}) or starts_with(version.id::text, ${text}))
    order by version.created_at desc limit ${limit}`)
  return rows.map(({ id, name, number, classes, sha256 }) => ({
    kind: 'model-version',
    id,
    title: `${name} v${number}`,
    detail: `${classes} finding classes${sha256 === null ? '' : `, SHA-256 ${sha256}…`}`,
    href: pageOfModelVersion(id),
  }))
}

type RunRow = { id: string; name: string; number: number; dataset: string; status: string }

async function findEvaluationRuns(db: Database, text: string, limit: number): Promise<SearchHit[]> {
  const { rows } = await db.execute<RunRow>(sql`
    select run.id, model.name, version.number, dataset.name as dataset, run.status
    from evaluation_runs run
    join model_versions version on version.id = run.model_version_id
    join models model on model.id = version.model_id
    join datasets dataset on dataset.id = run.dataset_id
    where position(${text} in lower(model.name || ' v' || version.number || ' on ' || dataset.name)) > 0
      or starts_with(run.id::text, ${text})
    order by run.created_at desc limit ${limit}`)
  return rows.map(({ id, name, number, dataset, status }) => ({
    kind: 'evaluation-run',
    id,
    title: `${name} v${number} on ${dataset}`,
    detail: status,
    href: pageOfEvaluationRun(id),
  }))
}

async function findDatasets(db: Database, text: string, limit: number): Promise<SearchHit[]> {
  const { rows } = await db.execute<{ id: string; name: string; location: string | null }>(sql`
    select id, name, location from datasets
    where archived_at is null and position(${text} in lower(name)) > 0
    order by name collate "C" limit ${limit}`)
  return rows.map(({ id, name, location }) => ({
    kind: 'dataset',
    id,
    title: name,
    detail: location ?? 'uploaded images',
    href: pageOfDataset(name),
  }))
}

type ImageRow = { id: string; key: string; dataset: string; finding_class: string }

async function findImages(db: Database, text: string, limit: number): Promise<SearchHit[]> {
  const { rows } = await db.execute<ImageRow>(sql`
    select image.id, image.key, image.finding_class, dataset.name as dataset
    from (select id, key, finding_class, dataset_id from images order by id desc limit ${SEARCHED_IMAGES}) image
    join datasets dataset on dataset.id = image.dataset_id and dataset.archived_at is null
    where position(${text} in lower(substr(image.key, strpos(image.key, '/') + 1))) > 0
    limit ${limit}`)
  return rows.map(({ id, key, dataset, finding_class: findingClass }) => ({
    kind: 'image',
    id,
    title: key.slice(key.indexOf('/') + 1),
    detail: `${dataset}, ${findingClass}`,
    href: pageOfImage(id),
  }))
}
