import { rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Settings } from '#lib/platform/env/env.ts'
import { pathParameters, queryParameters } from './address.ts'
import { type Endpoint, isOptional, type Multipart } from './endpoint.ts'
import {
  receiveMultipart,
  sweepAbandonedUploads,
  type UploadedFile,
  uploadFolderOf,
  uploadRoot,
} from './multipart.ts'
import { parseWith } from './parse.ts'
import { readBody, requireContentType } from './read-body.ts'
import { parseStrictJson } from './strict-json.ts'

const NO_QUERY = z.strictObject({})
const DEFAULT_BODY_LIMIT_BYTES = 1024 * 1024

/** The largest body that a caller may send; null where only the upload limit holds. */
export function bodyLimitOf(endpoint: Endpoint): number | null {
  return endpoint.multipart === undefined ? (endpoint.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES) : null
}

type Output<S> = S extends z.ZodType ? z.output<S> : undefined

/** What a handler gets of a request, typed by its endpoint's schemas. */
export type Input<E extends Endpoint> = {
  params: Output<E['params']>
  query: Output<E['query']>
  /** The JSON body, or a multipart body's text parts. */
  body: E['multipart'] extends Multipart ? z.output<E['multipart']['fields']> : Output<E['body']>
  /** A multipart body's files by field name. */
  files: E['multipart'] extends Multipart ? Record<keyof E['multipart']['files'], UploadedFile[]> : undefined
}

type Parsed = {
  params: unknown
  query: unknown
  body: unknown
  files: Record<string, UploadedFile[]> | undefined
  /** The input as it came, without what changes between repetitions: an idempotency key is bound to it. */
  fingerprint: unknown
  /** Removes uploaded files. */
  release: () => Promise<void>
}

type InputOptions = {
  settings: Pick<Settings, 'dataDir' | 'uploadLimitBytes'>
  requestId: string
  now: Date
  /** When the body must be there. */
  deadline?: AbortSignal | undefined
}

/** Checks everything a request brings against its endpoint's description. */
export async function parseInput(
  endpoint: Endpoint,
  request: Request,
  options: InputOptions,
): Promise<Parsed> {
  const url = new URL(request.url)
  const rawParams = pathParameters(endpoint.path, url.pathname)
  const rawQuery = queryParameters(url.search)
  const params = endpoint.params && parseWith(endpoint.params, rawParams, 'address')
  const query = parseWith(endpoint.query ?? NO_QUERY, rawQuery, 'query')
  const address = { params, query, files: undefined, release: async () => undefined }
  if (endpoint.multipart !== undefined) {
    const body = await parseMultipart(endpoint.multipart, request, options)
    return { ...address, ...body, fingerprint: [rawQuery, body.fingerprint] }
  }
  if (endpoint.body === undefined) return { ...address, body: undefined, fingerprint: [rawQuery] }
  const bytes = await readBody(request, endpoint.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES, options.deadline)
  // By its length: clients without a body send `Content-Length: 0`, which is a stream of no bytes here.
  if (bytes.length === 0 && isOptional(endpoint.body))
    return { ...address, body: undefined, fingerprint: [rawQuery] }
  requireContentType(request, 'application/json')
  const given = parseStrictJson(bytes)
  endpoint.refuseBody?.(given)
  return { ...address, body: parseWith(endpoint.body, given, 'body'), fingerprint: [rawQuery, given] }
}

async function parseMultipart(spec: Multipart, request: Request, options: InputOptions) {
  requireContentType(request, 'multipart/form-data')
  const root = uploadRoot(options.settings)
  const folder = path.join(root, uploadFolderOf(options.requestId))
  const release = () => rm(folder, { recursive: true, force: true })
  try {
    await sweepAbandonedUploads(root, options.now)
    const { uploadLimitBytes } = options.settings
    const received = await receiveMultipart(request, spec, {
      folder,
      uploadLimitBytes,
      deadline: options.deadline,
    })
    const files: Record<string, UploadedFile[]> = {}
    for (const name of Object.keys(spec.files))
      files[name] = received.files.filter((file) => file.field === name)
    const contents = received.files.map((file) => [file.field, file.filename, file.sha256])
    const body = parseWith(spec.fields, received.fields, 'form')
    return { body, files, fingerprint: [received.fields, contents], release }
  } catch (error) {
    await release()
    throw error
  }
}
