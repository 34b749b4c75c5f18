import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { ServiceError } from '#lib/platform/errors.ts'

const open = promisify<string, yauzl.Options, ZipFile>(yauzl.open)

export type ArchiveLimits = { maxEntries: number; maxEntryBytes: number; maxTotalBytes: number }

export type ArchiveEntry =
  | { name: string; kind: 'file'; bytes: Buffer }
  | { name: string; kind: 'link' | 'special' | 'too-large' | 'unreadable' | 'bad-name' }

const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000
const SYMBOLIC_LINK = 0o120000

function badArchive(fault: string, cause?: unknown): ServiceError {
  return new ServiceError('UNPROCESSABLE', `The archive is rejected: ${fault}.`, {
    code: 'BAD_ARCHIVE',
    cause,
  })
}

/** Images are packed already, and a .zip hardly makes them smaller: what shrinks more than this is something else. */
const MAX_UNPACKED_PER_BYTE = 20
/** Below this it does not matter. */
const UNPACKED_ALLOWANCE_BYTES = 64 * 1024 * 1024
/** Of an entry, in front of its name. */
const LOCAL_HEADER_BYTES = 30
/** Says that names are UTF-8; archivers of Unix write UTF-8 without saying so. */
const UTF8_FLAG = 0x800

/**
 * The names of the files in a .zip on disk, from its directory alone. What the directory states is checked before
 * anything is unpacked: names that climb or are absolute, sizes beyond the limits, and entries that share their bytes
 * refuse the whole archive.
 */
export async function surveyArchive(path: string, limits: ArchiveLimits): Promise<string[]> {
  const zip = await openArchive(path, limits)
  const largest = Math.min(
    limits.maxTotalBytes,
    UNPACKED_ALLOWANCE_BYTES + zip.fileSize * MAX_UNPACKED_PER_BYTE,
  )
  const names: string[] = []
  const places: { from: number; to: number }[] = []
  try {
    let total = 0
    for (let entry = await nextEntry(zip); entry !== null; entry = await nextEntry(zip)) {
      const name = nameOf(entry)
      const fault = yauzl.validateFileName(name)
      if (fault !== null) throw badArchive(fault)
      total += entry.uncompressedSize
      if (total > largest) throw badArchive(`it unpacks to more than ${largest} bytes`)
      const from = entry.relativeOffsetOfLocalHeader
      places.push({ from, to: from + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize })
      if (!name.endsWith('/')) names.push(name)
    }
  } finally {
    zip.close()
  }
  refuseOverlaps(places)
  return names
}

/** Files that share bytes unpack to far more than the archive has, and no archiver writes them. */
function refuseOverlaps(places: { from: number; to: number }[]): void {
  places.sort((a, b) => a.from - b.from)
  let end = 0
  for (const { from, to } of places) {
    if (from < end) throw badArchive('files in it overlap')
    end = to
  }
}

/**
 * The files of a .zip that was surveyed, one at a time in memory. A file that grows beyond its stated size is unreadable,
 * not unpacked.
 */
export async function* readArchive(path: string, limits: ArchiveLimits): AsyncIterable<ArchiveEntry> {
  const zip = await openArchive(path, limits)
  try {
    for (let entry = await nextEntry(zip); entry !== null; entry = await nextEntry(zip))
      if (!nameOf(entry).endsWith('/')) yield await readEntry(zip, entry, limits)
  } finally {
    zip.close()
  }
}

async function openArchive(path: string, limits: ArchiveLimits): Promise<ZipFile> {
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false }
  const zip = await open(path, options).catch((error: unknown) => {
    throw badArchive('it is not a .zip file, or broken', error)
  })
  if (zip.entryCount <= limits.maxEntries) return zip
  zip.close()
  throw badArchive(`it has more than ${limits.maxEntries} files`)
}

/** Names are read as UTF-8 whatever the archive says of them: other encodings do not say which they are. */
function nameOf(entry: Entry): string {
  return yauzl.getFileNameLowLevel(UTF8_FLAG, entry.fileNameRaw, entry.extraFields, false)
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
  const name = nameOf(entry)
  if (name.includes('\uFFFD')) return { name, kind: 'bad-name' } // some bytes of it are not UTF-8
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
