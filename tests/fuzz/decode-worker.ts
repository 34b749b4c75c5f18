import { createHash } from 'node:crypto'
import { type DecodePolicy, decodeImage } from '#lib/imaging/decoding/decode-image.ts'
import { encodeImage } from '#lib/imaging/decoding/encode-image.ts'
import { type ImageRefusalCode, ImageRefused } from '#lib/imaging/decoding/image-refused.ts'
import { serveTasks } from '#lib/platform/process-pool/serve-tasks.ts'

export type FuzzTask = { policy: DecodePolicy; encode: boolean }

export type FuzzReply =
  | { kind: 'raster'; width: number; height: number; bands: number; samples: number; sha256: string }
  | { kind: 'refused'; code: ImageRefusalCode; message: string }

/** Decodes as the evaluator's children do; with `encode` also as web's, for people to look at. */
serveTasks<FuzzTask, FuzzReply>(async ({ policy, encode }, image) => {
  try {
    const { width, height, bands, data } = await decodeImage(image, policy)
    if (encode) await encodeImage(image, 'thumbnail')
    const sha256 = createHash('sha256').update(data).digest('hex')
    return { kind: 'raster', width, height, bands, samples: data.length, sha256 }
  } catch (error) {
    if (error instanceof ImageRefused) return { kind: 'refused', code: error.code, message: error.message }
    throw error
  }
})
