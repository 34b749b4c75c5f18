import { createHash } from 'node:crypto'
import type { ImageErrorCode, ImageSource } from '#lib/model/evaluator/evaluator-contract.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ImageLocations } from './image-locations.ts'
import { ImageUnavailable } from './image-unavailable.ts'

export type ReadLimits = { imageLimitBytes: number; readSeconds: number }

/** The image's bytes, checked against the content hash that the caller expects. Throws `ImageUnavailable`. */
export async function readImage(
  source: ImageSource,
  sha256: string | undefined,
  locations: ImageLocations,
  limits: ReadLimits,
): Promise<Buffer> {
  const read = () => readSource(source, locations, limits)
  let bytes = await read()
  if (sha256 === undefined) return bytes
  // A connection cut mid-body looks like other content, so a stored image gets a second look.
  if (hash(bytes) !== sha256 && 'key' in source) bytes = await read()
  if (hash(bytes) === sha256) return bytes
  throw new ImageUnavailable('CHANGED_DURING_RUN', 'the bytes are not those that the run was started with')
}

async function readSource(
  source: ImageSource,
  locations: ImageLocations,
  limits: ReadLimits,
): Promise<Buffer> {
  if ('bytes' in source) {
    const bytes = Buffer.from(source.bytes, 'base64')
    if (bytes.length > limits.imageLimitBytes) throw tooLarge(limits)
    return bytes
  }
  const read = async () => {
    const store = await locations.open(source.location)
    return await store.get(source.key, { maxBytes: limits.imageLimitBytes })
  }
  return withDeadline(limits.readSeconds, read()).catch((error: unknown) => {
    throw explain(error, limits)
  })
}

/** Messages name no key: a file name may name a patient, and these lines travel to logs and screens. */
function explain(error: unknown, limits: ReadLimits): ImageUnavailable {
  if (error instanceof ImageUnavailable) return error
  if (!(error instanceof ServiceError)) throw error
  if (error.kind === 'TOO_LARGE') return tooLarge(limits)
  const [code, message] = READ_ERRORS[error.kind] ?? ['READ_FAILED', 'the image could not be read']
  return new ImageUnavailable(code, message)
}

const READ_ERRORS: Partial<Record<string, [ImageErrorCode, string]>> = {
  NOT_FOUND: ['NOT_FOUND', 'the image is no longer there'],
  BAD_REQUEST: ['NOT_FOUND', 'the key is none that the store can have'],
  FORBIDDEN: ['READ_FAILED', 'the store refuses access to the image'],
  UNAVAILABLE: ['READ_FAILED', 'the store cannot be reached'],
}

function tooLarge(limits: ReadLimits): ImageUnavailable {
  return new ImageUnavailable('TOO_LARGE', `the image has more than ${limits.imageLimitBytes} bytes`)
}

async function withDeadline<T>(seconds: number, reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ImageUnavailable('READ_FAILED', `the image was not read within ${seconds} s`)),
      seconds * 1000,
    )
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
