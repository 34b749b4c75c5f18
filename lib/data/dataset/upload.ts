import { readFile } from 'node:fs/promises'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import { type DatasetSources, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import { classifyObject } from '#lib/data/snapshot/classify-object.ts'
import { explainNothingTaken } from '#lib/data/snapshot/nothing-taken.ts'
import type { SkippedFile } from '#lib/data/snapshot/schema.ts'
import type { SkipCode, UploadSkipCode } from '#lib/data/snapshot/skip-code.ts'
import { readImageHeader } from '#lib/imaging/decoding/image-header.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { takeTurns } from '#lib/platform/concurrency/take-turns.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { findKeyFault } from '#lib/platform/object-store/object-key.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { type ArchiveEntry, type ArchiveLimits, readArchive, surveyArchive } from './archive-entries.ts'
import { findOuterFolder } from './outer-folder.ts'
import type { UploadResult } from './schema.ts'

export type UploadImagesInput = {
  dataset: string
  /** Of loose images; an archive brings its own folders. */
  findingClass?: string | undefined
  /** Received files: how the client named them, and where their bytes lie. */
  files: readonly { filename: string; path: string; sizeBytes: number }[]
  limits?: ArchiveLimits
  /** Aborts when the client has gone: what is stored by then stays. */
  signal?: AbortSignal
}

/** One image is held in memory at a time; an archive may be small and yet unpack to very much. */
const LIMITS: ArchiveLimits = {
  maxEntries: 100_000,
  maxEntryBytes: 64 * 1024 * 1024,
  maxTotalBytes: 4 * 1024 * 1024 * 1024,
}

/** Longer names than this no file system has. */
const MAX_NAME_BYTES = 255

/** Puts images, or one .zip of `<finding class>/<file>`, into a dataset in the own object store. */
export async function uploadImages(
  context: Context,
  sources: DatasetSources,
  input: UploadImagesInput,
): Promise<UploadResult> {
  const dataset = await getActiveDataset(context.db, input.dataset)
  if (dataset.location !== null) {
    throw new ServiceError(
      'CONFLICT',
      `The images of ${dataset.name} are stored at ${dataset.location}: add them there.`,
      {
        code: 'DATASET_IS_EXTERNAL',
      },
    )
  }
  const store = await openDatasetStore(sources, dataset)
  const result: UploadResult = { stored: 0, skipped: [], notes: [] }
  try {
    const outer = await outerFolderOf(context.db, dataset.id, input)
    if (outer !== '') result.notes.push(removedFolder(outer))
    for await (const entry of uploadedEntries(input)) {
      if (input.signal?.aborted) break
      const key = entry.name.startsWith(outer) ? entry.name.slice(outer.length) : entry.name
      const code = entry.kind === 'file' ? await storeImage(store, key, entry.bytes) : ENTRY_CODES[entry.kind]
      if (code === null) result.stored += 1
      else result.skipped.push({ file: entry.name, code, detail: null })
    }
    if (result.stored === 0 && archiveOf(input) !== null) result.notes.push(nothingTaken(result.skipped))
  } finally {
    await store.close()
    await recordUpload(context, dataset, result)
  }
  return result
}

const ENTRY_CODES = {
  link: 'LINK',
  special: 'SPECIAL_FILE',
  'too-large': 'TOO_LARGE',
  unreadable: 'UNREADABLE',
  'bad-name': 'BAD_NAME',
} as const satisfies Record<string, SkipCode>

/** Where an archive has one folder around its finding classes: that, with its `/`; else nothing. */
async function outerFolderOf(db: Database, datasetId: string, input: UploadImagesInput): Promise<string> {
  const archive = archiveOf(input)
  if (archive === null) return ''
  const outer = findOuterFolder(await surveyArchive(archive.path, input.limits ?? LIMITS))
  return outer !== '' && (await isFindingClass(db, datasetId, outer.slice(0, -1))) ? '' : outer
}

/** A folder that is known as a finding class is one, whatever folders it has inside. */
async function isFindingClass(db: Database, datasetId: string, folder: string): Promise<boolean> {
  const name = folder.normalize('NFC')
  const { rows } = await db.execute<{ known: boolean }>(sql`
    select exists (select from images where dataset_id = ${datasetId} and finding_class = ${name})
      or exists (select from model_versions where ${name} = any(finding_classes)) as known`)
  return rows[0]?.known ?? false
}

function removedFolder(outer: string): UploadResult['notes'][number] {
  const message = `The folder ${outer.slice(0, -1)} lies around all finding classes of the archive, so it was removed from their names.`
  return { code: 'OUTER_FOLDER_REMOVED', message }
}

function nothingTaken(skipped: readonly SkippedFile[]): UploadResult['notes'][number] {
  return { code: 'NOTHING_TAKEN', message: `No image was taken. ${explainNothingTaken(skipped)}` }
}

function archiveOf({ files }: UploadImagesInput): UploadImagesInput['files'][number] | null {
  const [only] = files
  const isArchive = only !== undefined && files.length === 1 && only.filename.toLowerCase().endsWith('.zip')
  return isArchive ? only : null
}

async function* uploadedEntries(input: UploadImagesInput): AsyncIterable<ArchiveEntry> {
  const limits = input.limits ?? LIMITS
  const archive = archiveOf(input)
  if (archive !== null) {
    if (input.findingClass !== undefined) {
      throw new ServiceError(
        'BAD_REQUEST',
        'An archive names its finding classes by folders: omit findingClass.',
      )
    }
    yield* readArchive(archive.path, limits)
    return
  }
  if (input.findingClass === undefined) {
    throw new ServiceError('BAD_REQUEST', 'Images need a findingClass; only a single .zip needs none.')
  }
  assertFindingClass(input.findingClass)
  for (const { filename, path, sizeBytes } of input.files) {
    const name = `${input.findingClass}/${filename}`
    if (sizeBytes > limits.maxEntryBytes) yield { name, kind: 'too-large' }
    else yield { name, kind: 'file', bytes: await readFile(path) }
  }
}

function assertFindingClass(findingClass: string): void {
  if (findNameFault(findingClass) === null && !findingClass.includes('/') && !findingClass.startsWith('.'))
    return
  throw new ServiceError('BAD_REQUEST', 'The findingClass is not a valid folder name.', {
    code: 'BAD_NAME',
  })
}

function findNameFault(key: string): string | null {
  if (key.split('/').some((segment) => Buffer.byteLength(segment) > MAX_NAME_BYTES)) return 'is too long'
  // Control characters and reversed writing make a name look like another one.
  if (/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(key)) return 'holds control characters'
  return findKeyFault(key)
}

/** Null when the image is stored. Never replaces other bytes: snapshots are made of what is there. */
async function storeImage(
  store: ObjectStore,
  name: string,
  bytes: Buffer,
): Promise<SkipCode | UploadSkipCode | null> {
  const key = name.normalize('NFC')
  if (findNameFault(key) !== null) return 'BAD_NAME'
  const named = classifyObject({ key, sizeBytes: bytes.length, revision: '', kind: 'object' })
  if (typeof named === 'string') return named
  const header = readImageHeader(bytes)
  if (typeof header === 'string') return header
  if (header.animated) return 'ANIMATED_NOT_SUPPORTED'
  // Stores have no "put unless there": of two uploads of one name at once, the second has to see the first.
  return await takeTurns(`${store.location}/${key}`, async () => {
    const stored = await store.find(key)
    if (stored === null) {
      await store.put(key, bytes, { contentType: `image/${header.format}` })
      return null
    }
    const same = stored.sizeBytes === bytes.length && (await store.get(key)).equals(bytes)
    return same ? null : 'EXISTS'
  })
}

async function recordUpload(
  context: Context,
  dataset: { id: string; name: string },
  result: UploadResult,
): Promise<void> {
  await context.db.transaction(async (tx) => {
    await recordAuditEvent(tx, context, {
      action: 'dataset.upload',
      objectType: 'dataset',
      objectId: dataset.id,
      after: { name: dataset.name, stored: result.stored, skipped: result.skipped.length },
    })
  })
}
