import { setImmediate as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { Recent } from '#lib/platform/concurrency/recent.ts'
import { nearestHash, packHashes } from './nearest-hash.ts'

/** An image of the run and the image of the training that it resembles most. */
export type NearDuplicate = {
  imageId: number
  imageKey: string
  trainedImageId: number
  trainedImageKey: string
  /** Bits of 256 in which their perceptual hashes differ. */
  distance: number
  /** It is the mirror image that they share. */
  isMirrored: boolean
}

export type NearDuplicates = {
  /** Images on both sides that were looked at, and those of them that cannot be decoded, of all that have content. */
  hashed: { done: number; undecodable: number; total: number }
  /** Images of the run that resemble one of the training without being identical to any. */
  count: number
  /** The nearest of them. */
  nearest: NearDuplicate[]
}

const NEAREST = 12
const recent = new Recent<Pick<NearDuplicates, 'count' | 'nearest'>>(20)
/** While images are still being looked at, pairs are searched for anew only so often until all are known. */
const SEARCHES_MEANWHILE = 10
/** Some milliseconds of comparing between two pauses. */
const PAIRS_PER_PAUSE = 1_000_000

/** Compares what the images of a snapshot look like with those of the snapshots that were trained on. */
export async function findNearDuplicates(
  db: Database,
  input: { judged: string; trained: readonly string[] },
): Promise<NearDuplicates> {
  const hashed = await countHashed(db, [input.judged, ...input.trained])
  // Snapshots never change, and neither does a hash: only further ones can bring further pairs.
  const share = hashed.total === 0 ? 1 : hashed.done / hashed.total
  const key = JSON.stringify([input, Math.floor(share * SEARCHES_MEANWHILE)])
  const found = await recent.get(db, key, async () => {
    const pairs = await pairUp(db, input)
    return { count: pairs.length, nearest: pairs.slice(0, NEAREST) }
  })
  return { hashed, ...found }
}

async function countHashed(db: Database, snapshots: readonly string[]): Promise<NearDuplicates['hashed']> {
  const { rows } = await db.execute<{ done: string; undecodable: string; total: string }>(sql`
    select count(hash.image_sha256) as done, count(*) as total,
      count(*) filter (where hash.image_sha256 is not null and hash.upright is null) as undecodable
    from (select distinct image.sha256 from snapshot_images member join images image on image.id = member.image_id
      where member.snapshot_id = any(${sql.param(snapshots)}::uuid[]) and image.has_content) content
    left join perceptual_hashes hash on hash.image_sha256 = content.sha256`)
  const [row] = rows
  return {
    done: Number(row?.done ?? 0),
    undecodable: Number(row?.undecodable ?? 0),
    total: Number(row?.total ?? 0),
  }
}

async function pairUp(
  db: Database,
  { judged, trained }: { judged: string; trained: readonly string[] },
): Promise<NearDuplicate[]> {
  const learnt = await readHashes(db, trained)
  const contents = new Set(learnt.map(({ sha256 }) => sha256))
  const others = (await readHashes(db, [judged])).filter(({ sha256 }) => !contents.has(sha256))
  const among = packHashes(learnt.map(({ upright }) => upright))
  const upright = packHashes(others.map((each) => each.upright))
  const mirrored = packHashes(others.map((each) => each.mirrored))
  const pairs: NearDuplicate[] = []
  let compared = 0
  for (const [at, { id, key }] of others.entries()) {
    const asIs = nearestHash(upright, at, among)
    const turned = nearestHash(mirrored, at, among)
    const isMirrored = turned !== null && (asIs === null || turned.distance < asIs.distance)
    const nearest = isMirrored ? turned : asIs
    const image = nearest === null ? undefined : learnt[nearest.index]
    if (nearest !== null && image !== undefined)
      pairs.push({
        imageId: id,
        imageKey: key,
        trainedImageId: image.id,
        trainedImageKey: image.key,
        distance: nearest.distance,
        isMirrored,
      })
    compared += 2 * learnt.length
    if (compared < PAIRS_PER_PAUSE) continue
    compared = 0
    await pause()
  }
  return pairs.sort((one, other) => one.distance - other.distance || one.imageId - other.imageId)
}

async function readHashes(db: Database, snapshots: readonly string[]) {
  const { rows } = await db.execute<{
    id: string
    key: string
    sha256: Buffer
    upright: Buffer
    mirrored: Buffer
  }>(sql`
    select image.id, image.key, image.sha256, hash.upright, hash.mirrored
    from images image join perceptual_hashes hash on hash.image_sha256 = image.sha256
    where image.has_content and hash.upright is not null and image.id in (
      select member.image_id from snapshot_images member where member.snapshot_id = any(${sql.param(snapshots)}::uuid[]))
    order by image.id`)
  return rows.map(({ id, key, sha256, upright, mirrored }) => ({
    id: Number(id),
    key,
    sha256: sha256.toString('hex'),
    upright,
    mirrored,
  }))
}
