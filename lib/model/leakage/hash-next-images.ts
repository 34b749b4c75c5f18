import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { perceptualHashes } from '#db/schema/dataset.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import type { FoundImage } from '#lib/data/image/image-queries.ts'
import { withOriginal } from '#lib/data/image/read-original.ts'
import type { ImageRenderer } from '#lib/imaging/decoding/render-image.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { snapshotsToCompare } from './training-sources.ts'

type Dependencies = { sources: DatasetSources; renderer: () => Pick<ImageRenderer, 'inTurn' | 'hash'> }

/** Found by one look at the database, which compares all images with all hashes. */
const IMAGES_PER_LOOK = 500
/** Stored at once; an evaluation that has begun waits no longer than these take. */
const IMAGES_PER_WRITE = 16
/** What could not be read or decoded for a reason that may pass is tried again after this. */
const RETRY_MS = 3_600_000

const MAY_PASS = new Set<string>(['DECODE_TIMEOUT', 'DECODE_CRASH', 'DECODE_OOM'])

type WantedImage = Pick<FoundImage, 'id' | 'sha256' | 'objectKey' | 'dataset'>
type Hashes = { upright: Uint8Array | null; mirrored: Uint8Array | null }

/**
 * Says what images look like, where a leakage check needs it: those of snapshots that a version was judged by and
 * trained on. Rests while an evaluation is under way, which needs the processor more. Progress is counted from rows; what
 * this object remembers only spares attempts.
 */
export class ImageHasher {
  private readonly db: Context['db']
  private readonly dependencies: Dependencies
  /** By image id, until when. */
  private readonly setAside = new Map<number, number>()
  /** Ids of datasets whose store is away, on this pass. */
  private readonly away = new Set<string>()
  /** The last image that was looked at: a pass over all of them follows their ids. */
  private position = 0

  constructor({ db }: Pick<Context, 'db'>, dependencies: Dependencies) {
    this.db = db
    this.dependencies = dependencies
  }

  /** Works on some images; false where there is nothing to do now. */
  async hashNext(signal: AbortSignal): Promise<boolean> {
    if (await this.isEvaluating()) return false
    const found = await this.findImages()
    const last = found.at(-1)
    if (last === undefined) {
      this.position = 0
      this.away.clear()
      return false
    }
    const wanted = oneOfEachContent(found.filter((image) => !this.isSetAside(image)))
    for (let at = 0; at < wanted.length; at += IMAGES_PER_WRITE) {
      if (signal.aborted || (at > 0 && (await this.isEvaluating()))) return false
      const begun = performance.now()
      const goesOn = await this.hashAndStore(wanted.slice(at, at + IMAGES_PER_WRITE), signal)
      if (!goesOn) return false
      // Half of the time is left to users' requests.
      await sleep(performance.now() - begun, undefined, { signal }).catch(() => {})
    }
    this.position = last.id
    return true
  }

  /** False where visitors need the decoders, or the process is ending. */
  private async hashAndStore(images: readonly WantedImage[], signal: AbortSignal): Promise<boolean> {
    const rows: (typeof perceptualHashes.$inferInsert)[] = []
    let goesOn = true
    for (const image of images) {
      if (this.isSetAside(image)) continue
      const hashes = await this.hash(image, signal)
      if (hashes === 'busy') goesOn = false
      else if (hashes === 'away') this.away.add(image.dataset.id)
      else if (hashes === 'later') this.setAside.set(image.id, performance.now() + RETRY_MS)
      else rows.push({ imageSha256: image.sha256, ...hashes })
      if (!goesOn) break
    }
    if (rows.length > 0) await this.db.insert(perceptualHashes).values(rows).onConflictDoNothing()
    return goesOn
  }

  private isSetAside({ id, dataset }: WantedImage): boolean {
    if (this.away.has(dataset.id)) return true
    const until = this.setAside.get(id)
    if (until === undefined) return false
    if (performance.now() < until) return true
    this.setAside.delete(id)
    return false
  }

  /** A run that waits for an evaluator or a store says so by a notice, and needs no processor. */
  private async isEvaluating(): Promise<boolean> {
    const { rows } = await this.db.execute<{ evaluating: boolean }>(sql`
      select exists (select from evaluation_runs where status = 'running' and failure_code is null) as evaluating`)
    return rows[0]?.evaluating === true
  }

  private async findImages(): Promise<WantedImage[]> {
    const { rows } = await this.db.execute<{
      id: string
      sha256: Buffer
      object_key: string
      dataset_id: string
      name: string
      location: string | null
    }>(sql`
      select image.id, image.sha256, image.object_key, image.dataset_id, dataset.name, dataset.location
      from images image join datasets dataset on dataset.id = image.dataset_id
      where image.has_content and image.id > ${this.position}
        and exists (select from snapshot_images member
          where member.image_id = image.id and member.snapshot_id in ${snapshotsToCompare})
        and not exists (select from perceptual_hashes hash where hash.image_sha256 = image.sha256)
      order by image.id limit ${IMAGES_PER_LOOK}`)
    return rows.map((row) => ({
      id: Number(row.id),
      sha256: row.sha256.toString('hex'),
      objectKey: row.object_key,
      dataset: { id: row.dataset_id, name: row.name, location: row.location },
    }))
  }

  /**
   * Null hashes where the content itself cannot be decoded; else why there are none now: visitors keep the decoders
   * busy, the dataset's store is away, or this file cannot be had.
   */
  private async hash(image: WantedImage, signal: AbortSignal): Promise<Hashes | 'busy' | 'away' | 'later'> {
    const { sources, renderer } = this.dependencies
    const options = { urgent: false, signal }
    try {
      const result = await withOriginal(sources, image, options, (bytes) =>
        renderer().inTurn(() => renderer().hash(bytes, signal), options),
      )
      if (result.status === 'hashed') return { upright: result.upright, mirrored: result.mirrored }
      if (result.code === 'STOPPING') return 'busy'
      // A child that was too slow or ended may have had too little of the machine.
      return MAY_PASS.has(result.code) ? 'later' : { upright: null, mirrored: null }
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error
      if (error.kind !== 'UNAVAILABLE') return 'later'
      return error.code === 'RENDERER_BUSY' || error.code === 'STOPPING' ? 'busy' : 'away'
    }
  }
}

function oneOfEachContent(images: readonly WantedImage[]): WantedImage[] {
  const byContent = new Map(images.map((image) => [image.sha256, image]))
  return [...byContent.values()]
}
