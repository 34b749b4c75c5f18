import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Multipart, MultipartFile } from './endpoint.ts'
import { countedBody } from './read-body.ts'
import { isStorableText } from './strict-json.ts'

/** A file part, kept on disk until its request has been answered. */
export type UploadedFile = {
  field: string
  /** As the client named it: NFC, at most 255 characters. Text to show, never a path. */
  filename: string
  sizeBytes: number
  sha256: string
  /** Where its bytes lie while the request is answered. */
  path: string
}

export type MultipartBody = { fields: Record<string, string>; files: UploadedFile[] }

const MAX_FIELDS = 50
const MAX_FIELD_BYTES = 1024 * 1024
/** Part headers and boundaries, beside the parts' own bytes. */
const ENVELOPE_BYTES_PER_PART = 4 * 1024
/** Left by a process on another machine; no request takes this long. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000

/**
 * Receives a multipart body: text parts in memory, file parts into a folder of this request's own, so that memory
 * stays flat. Limits hold while the body arrives: bytes in all, parts, bytes per part. The caller removes `folder`.
 */
export async function receiveMultipart(
  request: Request,
  spec: Multipart,
  options: { folder: string; uploadLimitBytes: number; deadline?: AbortSignal | undefined },
): Promise<MultipartBody> {
  const counts = Object.values(spec.files).map((file) => file.maxCount ?? 1)
  const maxFiles = counts.reduce((sum, count) => sum + count, 0)
  const limitOf = (file: MultipartFile) => file.maxBytes ?? options.uploadLimitBytes
  const largest = Math.max(0, ...Object.values(spec.files).map(limitOf))
  // The whole of a request stays within the upload limit, too, unless one file of it may be larger.
  const totalLimit =
    Math.max(options.uploadLimitBytes, largest) + (maxFiles + MAX_FIELDS) * ENVELOPE_BYTES_PER_PART
  const parser = openParser(request, maxFiles)
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  await requireSpace(request, options.folder)

  const fields = new Map<string, string>()
  const files: Promise<UploadedFile>[] = []
  const open: BusboyFileStream[] = []
  const fail = (error: ServiceError) => parser.destroy(error)
  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut) fail(refuse(`the text part "${name.slice(0, 100)}" is too long`))
    else if (fields.has(name)) fail(refuse(`the text part "${name}" is there twice`))
    else if (!isStorableText(name + value)) fail(refuse('a text part has a NUL character'))
    else fields.set(name, value)
  })
  parser.on('file', (name, stream, filename) => {
    const file = Object.hasOwn(spec.files, name) ? spec.files[name] : undefined
    if (file === undefined) {
      stream.on('error', () => undefined).resume()
      fail(refuse(`there is no file part called "${name.slice(0, 100)}"`))
      return
    }
    const stored = storeFile(stream, {
      field: name,
      filename,
      folder: options.folder,
      limitBytes: limitOf(file),
    })
    stored.catch((error: unknown) =>
      parser.destroy(error instanceof Error ? error : new Error(String(error))),
    )
    files.push(stored)
    open.push(stream)
  })
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
    parser.on(limit, () => fail(tooManyParts(maxFiles)))

  try {
    await pipeline(Readable.from(countedBody(request, totalLimit, options.deadline)), parser)
  } catch (error) {
    for (const stream of open) stream.destroy() // the parser does not end the part it was in
    await Promise.allSettled(files)
    throw error instanceof ServiceError || isDiskError(error) ? error : refuse('it is broken or cut off')
  }
  const stored = await Promise.all(files)
  for (const [name, file] of Object.entries(spec.files)) checkCount(name, file, stored)
  return { fields: Object.fromEntries(fields), files: stored }
}

/** Refuses a body of a stated length that the disk cannot take, before it is received; one that lies meets ENOSPC. */
async function requireSpace(request: Request, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  if (Number(request.headers.get('content-length')) <= bavail * bsize) return
  throw new ServiceError('INSUFFICIENT_STORAGE', 'There is no space left for an upload of this size.', {
    code: 'DISK_FULL',
  })
}

function openParser(request: Request, maxFiles: number): BusboyInstance {
  try {
    return new Busboy({
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      limits: {
        fieldNameSize: 200,
        fieldSize: MAX_FIELD_BYTES,
        fields: MAX_FIELDS,
        files: maxFiles,
        parts: maxFiles + MAX_FIELDS,
        headerPairs: 20,
        headerSize: 16 * 1024,
      },
    })
  } catch {
    throw refuse('its Content-Type names no boundary')
  }
}

/** Takes the stream at once: an error of a part without a listener would end the process. */
async function storeFile(
  stream: BusboyFileStream,
  options: { field: string; filename: string; folder: string; limitBytes: number },
): Promise<UploadedFile> {
  const target = path.join(options.folder, randomUUID())
  const hash = createHash('sha256')
  let sizeBytes = 0
  const counted = async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > options.limitBytes) throw fileTooLarge(options)
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(stream, counted, createWriteStream(target, { mode: 0o600 }))
  const filename = (options.filename ?? '').replaceAll('\0', '').toWellFormed().normalize('NFC').slice(0, 255)
  return { field: options.field, filename, sizeBytes, sha256: hash.digest('hex'), path: target }
}

function checkCount(name: string, file: MultipartFile, stored: UploadedFile[]): void {
  const count = stored.filter((upload) => upload.field === name).length
  if (file.required && count === 0) throw refuse(`the file part "${name}" is missing`)
  if (count > (file.maxCount ?? 1))
    throw refuse(`there may be ${file.maxCount ?? 1} file parts called "${name}", and there are ${count}`)
}

function fileTooLarge(options: { field: string; limitBytes: number }): ServiceError {
  return new ServiceError(
    'TOO_LARGE',
    `The file "${options.field}" is larger than ${options.limitBytes} bytes.`,
    {
      details: { limitBytes: options.limitBytes },
    },
  )
}

function tooManyParts(maxFiles: number): ServiceError {
  return new ServiceError(
    'TOO_LARGE',
    `The multipart body has too many parts: at most ${maxFiles} file${maxFiles === 1 ? '' : 's'} and ${MAX_FIELDS} texts go here.`,
    { code: 'TOO_MANY_PARTS', details: { maxFiles, maxTexts: MAX_FIELDS } },
  )
}

function refuse(what: string): ServiceError {
  return new ServiceError('BAD_REQUEST', `The multipart body is not accepted: ${what}.`, {
    code: 'BAD_MULTIPART',
  })
}

function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}

/** Where files lie while their request is answered. */
export function uploadRoot({ dataDir }: { dataDir: string }): string {
  return path.join(dataDir, 'tmp', 'uploads')
}

/** The name of a request's folder: it says which process made it. */
export function uploadFolderOf(requestId: string): string {
  return `${hostname()}.${process.pid}.${requestId}`
}

/**
 * For the start of a process, before its first request: removes what ended processes of this machine have left behind.
 * Folders of another machine may be in use, and wait until they are a day old.
 */
export async function sweepUploadsAtStart(root: string, now: Date): Promise<void> {
  for (const name of await readdir(root).catch(() => [])) {
    const [, host, pid] = /^(.*)\.(\d+)\.[^.]+$/.exec(name) ?? []
    if (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid))))
      await rm(path.join(root, name), { recursive: true, force: true })
  }
  await sweepAbandonedUploads(root, now)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM' // alive, and of another user
  }
}

/** Removes what is older than any request. */
export async function sweepAbandonedUploads(root: string, now: Date): Promise<void> {
  const names = await readdir(root).catch(() => [])
  for (const name of names) {
    const folder = path.join(root, name)
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: now.getTime() }))
    if (now.getTime() - mtimeMs > ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true })
  }
}
