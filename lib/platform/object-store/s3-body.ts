import type { Readable } from 'node:stream'
import { ServiceError } from '#lib/platform/errors.ts'

/** A body that brings nothing for this long has a dead server behind it. */
const IDLE_MILLISECONDS = 30_000

/** Reads a whole reply; stops at `maxBytes`, and never waits for a byte longer than the idle limit. */
export async function readBody(
  body: Readable,
  what: string,
  statedBytes: number | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const tooLarge = (): ServiceError =>
    new ServiceError('TOO_LARGE', `${what} has more than ${maxBytes} bytes.`)
  if ((statedBytes ?? 0) > maxBytes) {
    body.destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let bytes = 0
  const stalled = (): void => {
    body.destroy(new ServiceError('UNAVAILABLE', `The object store stopped sending ${what}.`))
  }
  const timer = setTimeout(stalled, IDLE_MILLISECONDS)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      timer.refresh()
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
  if (statedBytes !== undefined && bytes !== statedBytes) {
    throw new ServiceError('UNAVAILABLE', `The object store broke off in ${what}.`)
  }
  return Buffer.concat(chunks, bytes)
}
