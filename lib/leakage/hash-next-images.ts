import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { perceptualHashes } from '#db/schema/dataset.ts'
import type { Context } from '#lib/context.ts'
import { readOriginal } from '#lib/dataset/read-original.ts'
import type { DatasetSources } from '#lib/dataset/sources.ts'
import { ServiceError } from '#lib/errors.ts'
import type { ImageRenderer } from '#lib/image-decoding/render-image.ts'
import { snapshotsToCompare } from './training-sources.ts'

type Dependencies = { sources: DatasetSources; renderer: () => Pick<ImageRenderer, 'inTurn' | 'hash'> }

/** Found by one look at the database, which compares all images with all hashes. */
const IMAGES_PER_LOOK = 500
/** Stored at once; an evaluation that has begun waits no longer than these take. */
const IMAGES_PER_WRITE = 16

/**
 * Says what images look like, where a leakage check needs it: those of snapshots that a version was judged by and
 * trained on. Rests while an evaluation waits or runs, which needs the processor more. What cannot be read (a file that
 * is away) is left out until the process is started again; progress is counted from rows, and nothing else is kept.
 */
export class ImageHasher {
  private readonly db: Context['db']
  private readonly dependencies: Dependencies
  private readonly unreadable = new Set<string>()
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
    if (found.length === 0) {
      this.position = 0
      return false
    }
    for (let at = 0; at < found.length; at += IMAGES_PER_WRITE) {
      if (signal.aborted || (await this.isEvaluating())) return false
      const begun = performance.now()
      const images = found.slice(at, at + IMAGES_PER_WRITE)
      const rows: (typeof perceptualHashes.$inferInsert)[] = []
      for (const image of images) {
        const hash = this.unreadable.has(image.sha256) ? null : await this.hash(image, signal)
        if (hash !== null) rows.push({ imageSha256: image.sha256, ...hash })
      }
      if (rows.length > 0) await this.db.insert(perceptualHashes).values(rows).onConflictDoNothing()
      this.position = images.at(-1)?.id ?? this.position
      // Half of the time belongs to whoever looks at a page.
      await sleep(performance.now() - begun, undefined, { signal }).catch(() => {})
    }
    return true
  }

  private async isEvaluating(): Promise<boolean> {
    const { rows } = await this.db.execute<{ evaluating: boolean }>(
      sql`select exists (select from evaluation_runs where status in ('queued', 'running')) as evaluating`,
    )
    return rows[0]?.evaluating === true
  }

  private async findImages() {
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
    const images = rows.map((row) => ({
      id: Number(row.id),
      sha256: row.sha256.toString('hex'),
      objectKey: row.object_key,
      dataset: { id: row.dataset_id, name: row.name, location: row.location },
    }))
    const byContent = new Map(images.map((image) => [image.sha256, image]))
    return images.filter((image) => byContent.get(image.sha256) === image)
  }

  /** Null hashes where the content cannot be decoded; null where it could not be had. */
  private async hash(
    image: Awaited<ReturnType<ImageHasher['findImages']>>[number],
    signal: AbortSignal,
  ): Promise<{ upright: Uint8Array | null; mirrored: Uint8Array | null } | null> {
    const { sources, renderer } = this.dependencies
    const work = async () => renderer().hash(await readOriginal(sources, image), signal)
    try {
      const result = await renderer().inTurn(work, { urgent: false, signal })
      if (result.status === 'hashed') return { upright: result.upright, mirrored: result.mirrored }
      return result.code === 'STOPPING' ? null : { upright: null, mirrored: null }
    } catch (error) {
      if (!(error instanceof ServiceError) || error.kind === 'UNAVAILABLE') throw error
      this.unreadable.add(image.sha256)
      return null
    }
  }
}
