import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  S3Client,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import pRetry from 'p-retry'
import { ServiceError } from '#lib/platform/errors.ts'
import { digestPieces } from './digest-pieces.ts'
import { formatLocation, type S3Location } from './location.ts'
import { assertKeyPrefix, assertObjectKey, findKeyFault } from './object-key.ts'
import type { Content, DigestOptions, ObjectDigest, ObjectStore, StoredObject } from './object-store.ts'
import { readBody } from './s3-body.ts'
import { NO_SUCH_BUCKET, s3Error } from './s3-error.ts'
import { bucketGate } from './s3-gates.ts'
import { type GateCall, isStoreAway, type StoreGate } from './store-gate.ts'

/** From sending a request to the head of its reply; a call that only asks is given up by its gate before. */
const REQUEST_TIMEOUT_MILLISECONDS = 30_000
const CONNECT_TIMEOUT_MILLISECONDS = 5_000
/** The SDK waits between them with growing random pauses. */
const MAX_ATTEMPTS = 5
/** A body may break after its head arrived, which the SDK does not repeat. */
const MAX_BODY_ATTEMPTS = 3
const BODY_PAUSE_MILLISECONDS = 200
/** A part may take this long on a slow line, and shows nothing meanwhile. */
const PART_SECONDS = 60
/** Above this an object goes up in parts, so that a broken connection costs one part. */
const PART_BYTES = 16 * 1024 * 1024

/** Objects in a bucket, below the location's prefix. Any S3 API: path style, checksums only when required. */
export class S3Store implements ObjectStore {
  readonly location: string
  /** For messages, which people see who need not know the server's address. */
  readonly #name: string
  readonly #bucket: string
  readonly #prefix: string
  readonly #client: S3Client
  readonly #gate: StoreGate

  constructor(location: S3Location) {
    this.location = formatLocation(location)
    this.#name = formatLocation({ ...location, endpoint: null, region: null })
    this.#bucket = location.bucket
    this.#prefix = location.prefix
    this.#gate = bucketGate(location)
    this.#client = new S3Client({
      ...(location.endpoint === null ? {} : { endpoint: location.endpoint }),
      region: location.region ?? 'us-east-1',
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      retryMode: 'standard',
      maxAttempts: MAX_ATTEMPTS,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
        requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
        throwOnRequestTimeout: true,
      },
    })
  }

  async get(key: string, options: { maxBytes?: number } = {}): Promise<Buffer> {
    return await this.#read(key, undefined, options.maxBytes ?? Number.POSITIVE_INFINITY)
  }

  async getRange(key: string, start: number, end: number): Promise<Buffer> {
    const wanted = end - start + 1
    const asked = Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end
    const bytes = asked ? await this.#read(key, `bytes=${start}-${end}`, wanted) : null
    // S3 answers with less when the object ends before the range does.
    if (bytes !== null && bytes.length === wanted) return bytes
    throw new ServiceError('BAD_REQUEST', `${JSON.stringify(key)} has no bytes ${start} to ${end}.`, {
      code: 'BAD_RANGE',
    })
  }

  async put(key: string, content: Content, options: { contentType?: string } = {}): Promise<void> {
    const target = {
      ...this.#target(key),
      ContentType: options.contentType ?? 'application/octet-stream',
    }
    const sizeBytes = content instanceof Uint8Array ? content.length : content.sizeBytes
    const send = async ({ signal, progress }: GateCall): Promise<unknown> => {
      if (sizeBytes > PART_BYTES) {
        const Body = content instanceof Uint8Array ? content : createReadStream(content.path)
        return await this.#upload({ ...target, Body }, progress, signal)
      }
      // Whole, since a request that is sent again must have its first bytes again.
      const Body = content instanceof Uint8Array ? content : await readFile(content.path)
      const command = new PutObjectCommand({ ...target, Body, ContentLength: sizeBytes })
      return await this.#client.send(command, { abortSignal: signal })
    }
    try {
      this.#gate.pass()
      await this.#gate.run('read', send, PART_SECONDS)
    } catch (error) {
      throw s3Error(error, JSON.stringify(key))
    }
  }

  async #upload(input: PutObjectCommandInput, progress: () => void, signal: AbortSignal): Promise<void> {
    const upload = new Upload({ client: this.#client, params: input, partSize: PART_BYTES, queueSize: 2 })
    upload.on('httpUploadProgress', progress)
    signal.addEventListener('abort', () => void upload.abort(), { once: true })
    await upload.done()
  }

  async digest(key: string, { sizeBytes, maxBytes, headBytes }: DigestOptions): Promise<ObjectDigest> {
    if (sizeBytes > maxBytes)
      throw new ServiceError('TOO_LARGE', `${JSON.stringify(key)} has more than ${maxBytes} bytes.`)
    return await digestPieces(this, key, { sizeBytes, headBytes })
  }

  async find(key: string): Promise<StoredObject | null> {
    try {
      const head = await this.#look((abortSignal) =>
        this.#client.send(new HeadObjectCommand(this.#target(key)), { abortSignal }),
      )
      return describeObject(key, head.ContentLength, head.ETag)
    } catch (error) {
      const known = s3Error(error, JSON.stringify(key))
      if (known.kind !== 'NOT_FOUND') throw known
      // The reply to HEAD has no body that would say whether the object is missing or the whole bucket.
      await this.check()
      return null
    }
  }

  async *list(prefix = ''): AsyncIterable<StoredObject> {
    assertKeyPrefix(prefix)
    const seen = new Set<string>()
    let token: string | undefined
    do {
      const page = await this.#listPage(prefix, token)
      const decode = page.EncodingType === 'url' ? decodeKey : (text: string) => text
      for (const { Key, Size, ETag } of page.Contents ?? []) {
        const full = decode(Key ?? '')
        // The prefix itself may be an empty object that stands for its folder.
        if (full.startsWith(this.#prefix) && full.length > this.#prefix.length) {
          yield describeObject(full.slice(this.#prefix.length), Size, ETag)
        }
      }
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
      if (page.IsTruncated === true && (token === undefined || seen.has(token))) {
        throw new ServiceError('UNAVAILABLE', `The listing of ${this.#name} never ends.`, {
          code: 'LIST_LOOP',
        })
      }
      if (token !== undefined) seen.add(token)
    } while (token !== undefined)
  }

  async delete(key: string): Promise<void> {
    try {
      await this.#look((abortSignal) =>
        this.#client.send(new DeleteObjectCommand(this.#target(key)), { abortSignal }),
      )
    } catch (error) {
      const known = s3Error(error, JSON.stringify(key))
      if (known.kind !== 'NOT_FOUND') throw known
    }
  }

  async check(): Promise<void> {
    await this.#listPage('', undefined, 1)
  }

  async close(): Promise<void> {
    this.#client.destroy()
  }

  #target(key: string): { Bucket: string; Key: string } {
    assertObjectKey(key)
    return { Bucket: this.#bucket, Key: `${this.#prefix}${key}` }
  }

  async #listPage(
    prefix: string,
    token: string | undefined,
    limit = 1000,
  ): Promise<ListObjectsV2CommandOutput> {
    try {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: `${this.#prefix}${prefix}`,
        MaxKeys: limit,
        // Keys may hold characters that XML cannot.
        EncodingType: 'url',
        ...(token === undefined ? {} : { ContinuationToken: token }),
      })
      return await this.#look((abortSignal) => this.#client.send(command, { abortSignal }))
    } catch (error) {
      const known = s3Error(error, this.#name)
      if (known.kind !== 'NOT_FOUND') throw known
      throw new ServiceError('UNAVAILABLE', `There is no bucket for ${this.#name}.`, {
        code: NO_SUCH_BUCKET,
        cause: error,
      })
    }
  }

  #look<T>(send: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.#gate.pass()
    return this.#gate.run('look', ({ signal }) => send(signal))
  }

  async #read(key: string, range: string | undefined, maxBytes: number): Promise<Buffer> {
    const what = JSON.stringify(key)
    const request = { ...this.#target(key), ...(range === undefined ? {} : { Range: range }) }
    const readOnce = async () => {
      this.#gate.pass()
      return await this.#gate.run('read', (call) => this.#readOnce(request, what, maxBytes, call))
    }
    try {
      return await pRetry(readOnce, {
        retries: MAX_BODY_ATTEMPTS - 1,
        minTimeout: BODY_PAUSE_MILLISECONDS,
        randomize: true,
        shouldRetry: ({ error }) => error instanceof BrokenBody && mayPass(error.reason),
      })
    } catch (error) {
      throw error instanceof BrokenBody ? error.reason : s3Error(error, what)
    }
  }

  async #readOnce(
    request: GetObjectCommandInput,
    what: string,
    maxBytes: number,
    call: GateCall,
  ): Promise<Buffer> {
    const reply = await this.#client.send(new GetObjectCommand(request), { abortSignal: call.signal })
    call.progress()
    try {
      return await readBody(reply.Body as Readable, what, reply.ContentLength, maxBytes, call)
    } catch (error) {
      throw new BrokenBody(s3Error(error, what))
    }
  }
}

function mayPass(reason: ServiceError): boolean {
  return reason.kind === 'UNAVAILABLE' && !isStoreAway(reason)
}

/** The head of a reply had come: the SDK repeats what breaks before that, and nothing after it. */
class BrokenBody extends Error {
  readonly reason: ServiceError

  constructor(reason: ServiceError) {
    super(reason.message, { cause: reason })
    this.reason = reason
  }
}

/** `application/x-www-form-urlencoded`, as S3's `encoding-type=url` writes keys. */
function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

function describeObject(key: string, size: number | undefined, etag: string | undefined): StoredObject {
  const sizeBytes = size ?? 0
  return {
    key,
    sizeBytes,
    revision: `${sizeBytes}-${etag?.replaceAll('"', '') ?? crypto.randomUUID()}`,
    // Such as the empty objects `class/` that stand for folders.
    kind: findKeyFault(key) === null ? 'object' : 'special',
  }
}
