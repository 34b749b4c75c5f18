import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { ServiceError } from '#lib/platform/errors.ts'

const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open)

export type ArchiveLimits = { maxEntries: number; maxEntryBytes: number; maxTotalBytes: number }

export type ArchiveEntry =
  | { name: string; kind: 'file'; bytes: Buffer }
  | { name: string; kind: 'link' | 'special' | 'too-large' | 'unreadable' }

const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000
const SYMBOLIC_LINK = 0o120000

function badArchive(fault: string, cause?: unknown): ServiceError {
  return new ServiceError('UNPROCESSABLE', `The archive is not accepted: ${fault}.`, {
    code: 'BAD_ARCHIVE',
    cause,
  })
}

/** Images are packed already, and a .zip hardly makes them smaller: what shrinks more than this is something else. */
const MAX_UNPACKED_PER_BYTE = 20
/** Below this nobody minds. */
const UNPACKED_ALLOWANCE_BYTES = 64 * 1024 * 1024

/**
 * The files of a .zip on disk, one at a time in memory. The names and sizes that the archive states are checked
 * before anything is unpacked, and the sizes held to while it is: an archive that grows beyond them is refused, not
 * unpacked. Names that climb or are absolute refuse the whole archive (yauzl's own rule).
 */
export async function* readArchive(path: string, limits: ArchiveLimits): AsyncIterable<ArchiveEntry> {
  await checkStatedSizes(path, limits)
  const zip = await openArchive(path, limits)
  try {
    for (let entry = await nextEntry(zip); entry !== null; entry = await nextEntry(zip))
      if (!entry.fileName.endsWith('/')) yield await readEntry(zip, entry, limits)
  } finally {
    zip.close()
  }
}

async function openArchive(path: string, limits: ArchiveLimits): Promise<ZipFile> {
  const zip = await open(path, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw badArchive('it is not a .zip file, or broken', error)
  })
  if (zip.entryCount <= limits.maxEntries) return zip
  zip.close()
  throw badArchive(`it has more than ${limits.maxEntries} files`)
}

async function checkStatedSizes(path: string, limits: ArchiveLimits): Promise<void> {
  const zip = await openArchive(path, limits)
  const largest = Math.min(
    limits.maxTotalBytes,
    UNPACKED_ALLOWANCE_BYTES + zip.fileSize * MAX_UNPACKED_PER_BYTE,
  )
  try {
    let total = 0
    for (let entry = await nextEntry(zip); entry !== null; entry = await nextEntry(zip)) {
      total += entry.uncompressedSize
      if (total > largest) throw badArchive(`it unpacks to more than ${largest} bytes`)
    }
  } finally {
    zip.close()
  }
}

function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      zip.removeAllListeners('entry').removeAllListeners('end').removeAllListeners('error')
    }
    zip.once('entry', (entry: Entry) => {
      settle()
      resolve(entry)
    })
    zip.once('end', () => {
      settle()
      resolve(null)
    })
    zip.once('error', (error: Error) => {
      settle()
      reject(badArchive(error.message, error))
    })
    zip.readEntry()
  })
}

async function readEntry(zip: ZipFile, entry: Entry, limits: ArchiveLimits): Promise<ArchiveEntry> {
  const name = entry.fileName
  // The upper half holds the Unix mode; archives made elsewhere have 0 there.
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE
  if (type === SYMBOLIC_LINK) return { name, kind: 'link' }
  if (type !== 0 && type !== REGULAR_FILE) return { name, kind: 'special' }
  if (entry.isEncrypted()) return { name, kind: 'unreadable' }
  if (entry.uncompressedSize > limits.maxEntryBytes) return { name, kind: 'too-large' }
  try {
    return { name, kind: 'file', bytes: await unpack(zip, entry) }
  } catch {
    return { name, kind: 'unreadable' }
  }
}

/** yauzl ends the stream with an error as soon as it brings more or less than the stated size. */
async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await promisify<Entry, Readable>(zip.openReadStream.bind(zip))(entry)
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
