import { setImmediate as pause } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { HashIndex } from './hash-index.ts'
import { packHashes } from './packed-hashes.ts'
import type { NearDuplicate } from './schema.ts'

/** The snapshot that a version is judged by, and those that it was trained on. */
export type SnapshotPair = { judged: string; trained: readonly string[] }

const NEAREST = 12
/** Their index takes some 10 MB, however many images there are. */
const BLOCK_IMAGES = 50_000
/** Some milliseconds of comparing between two pauses. */
const COMPARED_PER_PAUSE = 100_000

type Match = { imageId: number; trainedImageId: number; distance: number; isMirrored: boolean }

/**
 * The images of a snapshot that look like one that was trained on without being identical to any: how many, and the
 * nearest of them. The training's images are looked through block by block.
 */
export async function findNearDuplicates(
  db: Database,
  pair: SnapshotPair,
  signal: AbortSignal,
): Promise<{ count: number; nearest: NearDuplicate[] }> {
  const matches = new Map<number, Match>()
  for await (const trained of readHashes(db, trainedImages(pair))) {
    const index = new HashIndex(packHashes(trained.map(({ upright }) => upright)))
    const ids = trained.map(({ id }) => id)
    for await (const judged of readHashes(db, judgedImages(pair)))
      await matchBlock(judged, { index, ids }, matches, signal)
  }
  const nearest = [...matches.values()]
    .sort((one, other) => one.distance - other.distance || one.imageId - other.imageId)
    .slice(0, NEAREST)
  return { count: matches.size, nearest: await nameImages(db, nearest) }
}

/** The best match of each image yet; of equals the first that was trained on, and as it is before mirrored. */
async function matchBlock(
  judged: readonly HashRow[],
  trained: { index: HashIndex; ids: readonly number[] },
  matches: Map<number, Match>,
  signal: AbortSignal,
): Promise<void> {
  const sides = [
    { isMirrored: false, hashes: packHashes(judged.map(({ upright }) => upright)) },
    { isMirrored: true, hashes: packHashes(judged.map(({ mirrored }) => mirrored)) },
  ]
  let compared = trained.index.compared
  for (const [at, { id: imageId }] of judged.entries()) {
    for (const { isMirrored, hashes } of sides) {
      const found = trained.index.nearest(hashes, at)
      const known = matches.get(imageId)?.distance ?? Number.POSITIVE_INFINITY
      if (found === null || found.distance >= known) continue
      const trainedImageId = trained.ids[found.index] as number
      matches.set(imageId, { imageId, trainedImageId, distance: found.distance, isMirrored })
    }
    if (trained.index.compared - compared < COMPARED_PER_PAUSE && at % 500 !== 0) continue
    compared = trained.index.compared
    await pause()
    signal.throwIfAborted()
  }
}

type HashRow = { id: number; upright: Buffer; mirrored: Buffer }

const membersOf = (snapshots: readonly string[]) =>
  sql`(select member.image_id from snapshot_images member where member.snapshot_id = any(${sql.param(snapshots)}::uuid[]))`

const trainedImages = ({ trained }: SnapshotPair) => sql`image.id in ${membersOf(trained)}`

/** Without those whose very bytes were trained on: they are found by their content. */
const judgedImages = ({ judged, trained }: SnapshotPair) => sql`image.id in ${membersOf([judged])}
  and not exists (select from images twin
    where twin.sha256 = image.sha256 and twin.has_content and twin.id in ${membersOf(trained)})`

/** Block by block, by image id. */
async function* readHashes(db: Database, condition: ReturnType<typeof sql>): AsyncGenerator<HashRow[]> {
  for (let afterImageId = 0; ; ) {
    const { rows } = await db.execute<{ id: string; upright: Buffer; mirrored: Buffer }>(sql`
      select image.id, hash.upright, hash.mirrored
      from images image join perceptual_hashes hash on hash.image_sha256 = image.sha256
      where image.has_content and hash.upright is not null and image.id > ${afterImageId} and ${condition}
      order by image.id limit ${BLOCK_IMAGES}`)
    const block = rows.map(({ id, ...hashes }) => ({ id: Number(id), ...hashes }))
    if (block.length > 0) yield block
    const last = block.at(-1)
    if (last === undefined || block.length < BLOCK_IMAGES) return
    afterImageId = last.id
  }
}

async function nameImages(db: Database, matches: readonly Match[]): Promise<NearDuplicate[]> {
  const ids = matches.flatMap(({ imageId, trainedImageId }) => [imageId, trainedImageId])
  const { rows } = await db.execute<{ id: string; key: string }>(sql`
    select id, key from images where id = any(${sql.param(ids)}::bigint[])`)
  const keys = new Map(rows.map(({ id, key }) => [Number(id), key]))
  return matches.map((match) => ({
    ...match,
    imageKey: keys.get(match.imageId) ?? '',
    trainedImageKey: keys.get(match.trainedImageId) ?? '',
  }))
}
