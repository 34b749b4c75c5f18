import { createHash } from 'node:crypto'
import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { nearDuplicateSearches } from '#db/schema/near-duplicate-search.ts'
import { findNearDuplicates, type SnapshotPair } from './find-near-duplicates.ts'
import type { NearDuplicate } from './schema.ts'
import { trainedPairs } from './training-sources.ts'

export type NearDuplicates = {
  /** Images on both sides that were looked at, and those of them that cannot be decoded, of all that have content. */
  hashed: { done: number; undecodable: number; total: number }
  /** Images of the run that resemble one of the training without being identical to any. */
  count: number
  /** The nearest of them. */
  nearest: NearDuplicate[]
}

/** While images are still being looked at, pairs are searched for anew only so often until all are known. */
const SEARCHES_MEANWHILE = 10

/**
 * Searches one pair of snapshots that a check needs and whose result is not there or not whole, and stores what it
 * finds. False where there is nothing to do now. Pages only read the result.
 */
export async function searchNextPair(db: Database, signal: AbortSignal): Promise<boolean> {
  for (const pair of await findUnfinishedPairs(db)) {
    if (signal.aborted) return false
    const known = await findNearDuplicateSearch(db, pair)
    const hashed = await countHashed(db, pair)
    if (known !== null && !isWorthAnother(known.hashed, hashed)) continue
    await store(db, pair, { hashed, ...(await findNearDuplicates(db, pair, signal)) })
    return true
  }
  return false
}

/** Snapshots never change, and neither does a hash: only further ones can bring further pairs. */
function isWorthAnother(known: NearDuplicates['hashed'], now: NearDuplicates['hashed']): boolean {
  if (now.done === known.done) return false
  return now.done === now.total || now.done - known.done >= now.total / SEARCHES_MEANWHILE
}

/** What the last search found; null where there has been none yet. */
export async function findNearDuplicateSearch(
  db: Database,
  pair: SnapshotPair,
): Promise<NearDuplicates | null> {
  const [row] = await db
    .select()
    .from(nearDuplicateSearches)
    .where(
      and(
        eq(nearDuplicateSearches.judgedSnapshotId, pair.judged),
        eq(nearDuplicateSearches.trainedSha256, sha256OfTrained(pair)),
      ),
    )
  if (row === undefined) return null
  const hashed = { done: row.hashedCount, undecodable: row.undecodableCount, total: row.imageCount }
  return { hashed, count: row.foundCount, nearest: row.nearest as NearDuplicate[] } // as it was stored
}

async function store(db: Database, pair: SnapshotPair, result: NearDuplicates): Promise<void> {
  const values = {
    hashedCount: result.hashed.done,
    undecodableCount: result.hashed.undecodable,
    imageCount: result.hashed.total,
    foundCount: result.count,
    nearest: result.nearest,
    searchedAt: sql`clock_timestamp()`,
  }
  await db
    .insert(nearDuplicateSearches)
    .values({ judgedSnapshotId: pair.judged, trainedSha256: sha256OfTrained(pair), ...values })
    .onConflictDoUpdate({
      target: [nearDuplicateSearches.judgedSnapshotId, nearDuplicateSearches.trainedSha256],
      set: values,
    })
}

function sha256OfTrained({ trained }: SnapshotPair): string {
  const ids = [...new Set(trained)].sort().join()
  return createHash('sha256').update(ids).digest('hex')
}

async function findUnfinishedPairs(db: Database): Promise<SnapshotPair[]> {
  const { rows } = await db.execute<SnapshotPair>(trainedPairs)
  const { rows: finished } = await db.execute<{ judged: string; trained: Buffer }>(sql`
    select judged_snapshot_id as judged, trained_sha256 as trained from near_duplicate_searches
    where hashed_count = image_count`)
  const done = new Set(finished.map(({ judged, trained }) => `${judged} ${trained.toString('hex')}`))
  return rows.filter((pair) => !done.has(`${pair.judged} ${sha256OfTrained(pair)}`))
}

async function countHashed(
  db: Database,
  { judged, trained }: SnapshotPair,
): Promise<NearDuplicates['hashed']> {
  const { rows } = await db.execute<{ done: string; undecodable: string; total: string }>(sql`
    select count(hash.image_sha256) as done, count(*) as total,
      count(*) filter (where hash.image_sha256 is not null and hash.upright is null) as undecodable
    from (select distinct image.sha256 from snapshot_images member join images image on image.id = member.image_id
      where member.snapshot_id = any(${sql.param([judged, ...trained])}::uuid[]) and image.has_content) content
    left join perceptual_hashes hash on hash.image_sha256 = content.sha256`)
  const [row] = rows
  return {
    done: Number(row?.done ?? 0),
    undecodable: Number(row?.undecodable ?? 0),
    total: Number(row?.total ?? 0),
  }
}
