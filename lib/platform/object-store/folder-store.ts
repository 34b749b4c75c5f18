import { constants, createReadStream } from 'node:fs'
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises'
import { dirname } from 'node:path'
import { ServiceError } from '#lib/platform/errors.ts'
import { errorNumber, folderError, isMissing, noSuchObject } from './folder-error.ts'
import { describeFile, INCOMING_FOLDER, listFolder } from './folder-listing.ts'
import { digestFile, readExactly, type Watched } from './folder-reading.ts'
import { assertKeyPrefix, assertObjectKey } from './object-key.ts'
import type { Content, DigestOptions, ObjectDigest, ObjectStore, StoredObject } from './object-store.ts'

/** No write of ours takes this long: what is older was left behind by a crash. */
const ABANDONED_MILLISECONDS = 60 * 60 * 1000

export type FolderStoreOptions = {
  /** Makes a missing folder. */
  create?: boolean
  /** The folder is named by its real path, and must not become a link. */
  resolved?: boolean
}

/**
 * Objects as files below a folder. Nothing outside it is ever reached: keys cannot climb, symbolic links
 * are not followed at any level, and only regular files are opened.
 */
export class FolderStore implements ObjectStore {
  readonly location: string
  readonly #folder: string
  readonly #create: boolean
  readonly #resolved: boolean
  #incoming: Promise<string> | null = null

  constructor(folder: string, options: FolderStoreOptions = {}) {
    this.location = `file:${folder}`
    this.#folder = folder
    this.#create = options.create ?? false
    this.#resolved = options.resolved ?? false
  }

  async get(key: string, options: { maxBytes?: number } & Watched = {}): Promise<Buffer> {
    return await this.#withFile(key, async (file, sizeBytes) => {
      assertWithin(key, sizeBytes, options.maxBytes)
      return await readExactly(file, key, { start: 0, length: sizeBytes, ...options })
    })
  }

  async digest(key: string, options: DigestOptions & Watched): Promise<ObjectDigest> {
    return await this.#withFile(key, async (file, sizeBytes) => {
      assertWithin(key, sizeBytes, options.maxBytes)
      return await digestFile(file, key, { ...options, sizeBytes })
    })
  }

  async getRange(key: string, start: number, end: number, options: Watched = {}): Promise<Buffer> {
    return await this.#withFile(key, async (file, sizeBytes) => {
      if (
        !(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end < sizeBytes)
      ) {
        throw new ServiceError('BAD_REQUEST', `${JSON.stringify(key)} has no bytes ${start} to ${end}.`, {
          code: 'BAD_RANGE',
        })
      }
      return await readExactly(file, key, { start, length: end - start + 1, ...options })
    })
  }

  async put(key: string, content: Content): Promise<void> {
    assertObjectKey(key)
    const root = await this.#root()
    const path = joinKey(root, key)
    try {
      const { file, path: temporary } = await this.#openIncoming(root)
      try {
        try {
          await file.writeFile(content instanceof Uint8Array ? content : createReadStream(content.path))
          await file.sync()
        } finally {
          await file.close()
        }
        await makeParents(root, path)
        await rename(temporary, path)
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
      await syncFolder(dirname(path))
    } catch (error) {
      this.#incoming = null
      throw folderError(error, key)
    }
  }

  /** A new file in the folder for what is still being written; where that folder was removed, in a new one. */
  async #openIncoming(root: string): Promise<{ file: FileHandle; path: string }> {
    const openIn = async (incoming: Promise<string>) => {
      const path = `${await incoming}/${crypto.randomUUID()}`
      return { file: await open(path, 'wx'), path }
    }
    this.#incoming ??= prepareIncoming(root)
    try {
      return await openIn(this.#incoming)
    } catch (error) {
      if (!isMissing(error)) throw error
      this.#incoming = prepareIncoming(root)
      return await openIn(this.#incoming)
    }
  }

  async find(key: string): Promise<StoredObject | null> {
    assertObjectKey(key)
    const root = await this.#root()
    const path = joinKey(root, key)
    try {
      if (!(await isPlainFolder(dirname(path)))) return null
      const stats = await lstat(path, { bigint: true })
      return stats.isDirectory() ? null : describeFile(key, stats)
    } catch (error) {
      if (isMissing(error)) return null
      throw folderError(error, key)
    }
  }

  async *list(prefix = ''): AsyncIterable<StoredObject> {
    assertKeyPrefix(prefix)
    const root = await this.#root()
    const folder = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : ''
    try {
      if (folder !== '' && !(await isPlainFolder(joinKey(root, folder)))) return
    } catch (error) {
      if (isMissing(error)) return
      throw folderError(error, prefix)
    }
    yield* listFolder(root, folder, prefix)
  }

  async delete(key: string): Promise<void> {
    assertObjectKey(key)
    const root = await this.#root()
    const path = joinKey(root, key)
    try {
      if (!(await isPlainFolder(dirname(path)))) return
      if ((await lstat(path)).isDirectory()) return
      await unlink(path)
      await syncFolder(dirname(path))
    } catch (error) {
      if (!isMissing(error)) throw folderError(error, key)
    }
  }

  async check(): Promise<void> {
    const root = await this.#root()
    await readdir(root).catch((error: unknown) => {
      throw folderError(error, this.location)
    })
  }

  async close(): Promise<void> {}

  /** The folder itself may be a link (a mounted volume); what lies below may not. */
  async #root(): Promise<string> {
    try {
      if (this.#create) await mkdir(this.#folder, { recursive: true })
      const root = await realpath(this.#folder)
      if (this.#resolved && root !== this.#folder) throw new Error('It has become a link.')
      if ((await stat(root)).isDirectory()) return root
    } catch (error) {
      const kind = errorNumber(error) === 'EACCES' ? 'FORBIDDEN' : 'UNAVAILABLE'
      throw new ServiceError(kind, `The folder ${this.#folder} cannot be reached.`, { cause: error })
    }
    throw new ServiceError('UNAVAILABLE', `${this.#folder} is not a folder.`)
  }

  async #withFile<T>(key: string, use: (file: FileHandle, sizeBytes: number) => Promise<T>): Promise<T> {
    assertObjectKey(key)
    const root = await this.#root()
    let file: FileHandle | null = null
    try {
      file = await openPlainFile(joinKey(root, key), key)
      return await use(file, (await file.stat()).size)
    } catch (error) {
      throw folderError(error, key)
    } finally {
      await file?.close()
    }
  }
}

function assertWithin(key: string, sizeBytes: number, maxBytes = Number.POSITIVE_INFINITY): void {
  if (sizeBytes > maxBytes)
    throw new ServiceError('TOO_LARGE', `${JSON.stringify(key)} has more than ${maxBytes} bytes.`)
}

function joinKey(root: string, key: string): string {
  if (key === INCOMING_FOLDER || key.startsWith(`${INCOMING_FOLDER}/`)) {
    throw new ServiceError('BAD_REQUEST', `Keys below ${INCOMING_FOLDER} are reserved.`, { code: 'BAD_KEY' })
  }
  return `${root}/${key}`
}

/** True when no part of an already resolved path is a symbolic link. */
async function isPlainFolder(folder: string): Promise<boolean> {
  return (await realpath(folder)) === folder
}

/** A device may act on being opened and a pipe may block, so the kind is asked first and checked again after. */
async function openPlainFile(path: string, key: string): Promise<FileHandle> {
  if (!(await isPlainFolder(dirname(path)))) throw noSuchObject(key)
  const before = await lstat(path, { bigint: true })
  if (!before.isFile()) throw noSuchObject(key)
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  const opened = await file.stat({ bigint: true })
  const still = opened.isFile() && (await isPlainFolder(dirname(path)))
  if (still) return file
  await file.close()
  throw noSuchObject(key)
}

async function prepareIncoming(root: string): Promise<string> {
  const folder = `${root}/${INCOMING_FOLDER}`
  await mkdir(folder, { recursive: true })
  if (!(await isPlainFolder(folder))) throw new ServiceError('UNAVAILABLE', `${folder} is a link.`)
  for (const name of await readdir(folder)) {
    const path = `${folder}/${name}`
    const stats = await lstat(path).catch(() => null)
    if (stats !== null && Date.now() - stats.mtimeMs > ABANDONED_MILLISECONDS) await rm(path, { force: true })
  }
  return folder
}

/** Makes the folders above `path` one by one, none of them through a link, each durable in its parent. */
async function makeParents(root: string, path: string): Promise<void> {
  const parent = dirname(path)
  if (parent === root) return
  const plain = await isPlainFolder(parent).catch((error: unknown) => {
    if (isMissing(error)) return null
    throw error
  })
  if (plain === false) throw new ServiceError('FORBIDDEN', `A symbolic link is above ${path}.`)
  if (plain === null) {
    await makeParents(root, parent)
    await mkdir(parent).catch((error: unknown) => {
      if (errorNumber(error) !== 'EEXIST') throw error
    })
    await syncFolder(dirname(parent))
  }
  if (!(await lstat(parent)).isDirectory()) {
    throw new ServiceError('CONFLICT', `An object already exists where the folder ${parent} should be.`, {
      code: 'KEY_IS_OBJECT',
    })
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
