import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import { type After, findNewestSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import type { Context } from '#lib/platform/context.ts'
import type { ImageSort, ImageView } from './schema.ts'

export type ImageFilter = {
  findingClass?: string | undefined
  patient?: string | undefined
  /** Part of the key, taken literally; upper and lower case are the same. */
  q?: string | undefined
}

/** The order's value of a row, as text, beside the row: what the cursor goes on after. */
export type ListedImage = ImageView & { position: readonly [snapshotId: string, value: string, id: number] }

export type ImageList = {
  /** The newest ready snapshot, or the one on which the list began; null before there is one. */
  snapshotId: string | null
  /** Images that pass the filter, on all pages together. */
  total: number
  rows: ListedImage[]
}

const SORT_VALUES: Readonly<Record<ImageSort, SQL>> = {
  added: sql`0::bigint`, // the id alone: the order in which they were first seen
  key: sql`image.key collate "C"`,
  patient: sql`coalesce(image.patient, '') collate "C"`,
  pixels: sql`coalesce(image.width::bigint * image.height, 0)`,
}

const SORT_TYPES: Readonly<Record<ImageSort, SQL>> = {
  added: sql`bigint`,
  key: sql`text`,
  patient: sql`text`,
  pixels: sql`bigint`,
}

/** The images of a dataset's newest ready snapshot. All pages of one list are of one snapshot. */
export async function listDatasetImages(
  context: Pick<Context, 'db'>,
  input: ImageFilter & {
    dataset: string
    sort: ImageSort
    descending?: boolean | undefined
    after: After
    take: number
  },
): Promise<ImageList> {
  const { db } = context
  const dataset = await getActiveDataset(db, input.dataset)
  const ready = await findNewestSnapshots(db, [dataset.id], { ready: true })
  const snapshotId = input.after === null ? ready.get(dataset.id)?.id : String(input.after[0])
  if (snapshotId === undefined) return { snapshotId: null, total: 0, rows: [] }
  const matching = sql`
    from snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = ${snapshotId} and image.dataset_id = ${dataset.id} ${conditions(input)}`
  const { rows } = await db.execute<{ total: string }>(sql`select count(*) as total ${matching}`)
  return {
    snapshotId,
    total: Number(rows[0]?.total ?? 0),
    rows: await readPage(db, matching, snapshotId, input),
  }
}

function conditions({ findingClass, patient, q }: ImageFilter): SQL {
  const given = [
    findingClass === undefined ? [] : [sql`and image.finding_class = ${findingClass.normalize('NFC')}`],
    patient === undefined ? [] : [sql`and image.patient = ${patient}`],
    q === undefined ? [] : [sql`and position(lower(${q.normalize('NFC')}) in lower(image.key)) > 0`],
  ]
  return sql.join(given.flat(), sql` `)
}

type ImageRow = {
  id: string
  key: string
  finding_class: string
  patient: string | null
  sha256: Buffer | null
  width: number | null
  height: number | null
  value: string
}

async function readPage(
  db: Database,
  matching: SQL,
  snapshotId: string,
  input: { sort: ImageSort; descending?: boolean | undefined; after: After; take: number },
): Promise<ListedImage[]> {
  const [, value, id] = input.after ?? []
  const sortValue = SORT_VALUES[input.sort]
  const [direction, beyond] = input.descending ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`]
  const after =
    input.after === null
      ? sql``
      : sql`and (${sortValue}, image.id) ${beyond} (${String(value)}::${SORT_TYPES[input.sort]}, ${Number(id)}::bigint)`
  const { rows } = await db.execute<ImageRow>(sql`
    select image.id, image.key, image.finding_class, image.patient, image.width, image.height,
      case when image.has_content then image.sha256 end as sha256, (${sortValue})::text as value
    ${matching} ${after}
    order by ${sortValue} ${direction}, image.id ${direction} limit ${input.take}`)
  return rows.map((row) => ({
    id: Number(row.id),
    key: row.key,
    findingClass: row.finding_class,
    patient: row.patient,
    sha256: row.sha256?.toString('hex') ?? null,
    width: row.width,
    height: row.height,
    position: [snapshotId, row.value, Number(row.id)],
  }))
}
