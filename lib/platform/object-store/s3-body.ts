import type { Readable } from 'node:stream'
import { ServiceError } from '#lib/platform/errors.ts'
import type { GateCall } from './store-gate.ts'

/** Reads a whole reply; stops at `maxBytes`, and when the call that it belongs to is given up. */
export async function readBody(
  body: Readable,
  what: string,
  statedBytes: number | undefined,
  maxBytes: number,
  { signal, progress }: GateCall,
): Promise<Buffer> {
  const tooLarge = (): ServiceError =>
    new ServiceError('TOO_LARGE', `${what} has more than ${maxBytes} bytes.`)
  if ((statedBytes ?? 0) > maxBytes) {
    body.destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let bytes = 0
  const giveUp = (): void => {
    body.destroy(signal.reason)
  }
  signal.addEventListener('abort', giveUp)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      progress()
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } finally {
    signal.removeEventListener('abort', giveUp)
    body.destroy()
  }
  if (statedBytes !== undefined && bytes !== statedBytes) {
    throw new ServiceError('UNAVAILABLE', `The object store ended ${what} early.`)
  }
  return Buffer.concat(chunks, bytes)
}
