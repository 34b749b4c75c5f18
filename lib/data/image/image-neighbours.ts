import { sql } from 'drizzle-orm'
import { findNewestSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { getFoundImage } from './image-queries.ts'
import type { ImageNeighbours } from './schema.ts'

/** The images before and after one by key, in its dataset's newest ready snapshot, of one finding class or of all. */
export async function getDatasetNeighbours(
  context: Pick<Context, 'db'>,
  input: { imageId: number; findingClass?: string | undefined },
): Promise<ImageNeighbours> {
  const { db } = context
  const { dataset, key, sha256 } = await getFoundImage(context, input.imageId)
  const snapshot = (await findNewestSnapshots(db, [dataset.id], { ready: true })).get(dataset.id)
  if (snapshot === undefined) return { previous: null, next: null, position: null, total: 0 }
  const findingClass = input.findingClass?.normalize('NFC')
  const listed = sql`
    snapshot_images member join images image on image.id = member.image_id
    where member.snapshot_id = ${snapshot.id} and image.dataset_id = ${dataset.id}
      ${findingClass === undefined ? sql`` : sql`and image.finding_class = ${findingClass}`}`
  type Row = { id: string; key: string }
  const beside = async (condition: ReturnType<typeof sql>) => {
    const { rows } = await db.execute<Row>(
      sql`select image.id, image.key from ${listed} and ${condition} limit 1`,
    )
    return rows[0] === undefined ? null : { id: Number(rows[0].id), imageKey: rows[0].key }
  }
  const { rows } = await db.execute<{ total: string; before: string; here: string }>(sql`
    select count(*) as total, count(*) filter (where image.key < ${key}) as before,
      count(*) filter (where image.key = ${key} and image.sha256 = decode(${sha256}, 'hex')) as here
    from ${listed}`)
  const [counts] = rows
  return {
    previous: await beside(sql`image.key < ${key} order by image.key desc`),
    next: await beside(sql`image.key > ${key} order by image.key`),
    position: Number(counts?.here ?? 0) === 0 ? null : Number(counts?.before) + 1,
    total: Number(counts?.total ?? 0),
  }
}
