import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { getModelVersion } from './queries.ts'

/** What one download holds in memory. */
const PIECE_BYTES = 4 * 1024 * 1024

export type ModelFile = {
  /** `<model>-v<number>.onnx`, in letters that every file system takes. */
  filename: string
  sha256: string
  sizeBytes: number
  /** Asks the store for the next piece only when the reader has taken the last one. */
  stream: () => ReadableStream<Uint8Array>
}

/** The ONNX file of a version, also of an archived one. */
export async function openModelFile(
  context: Pick<Context, 'db'>,
  objectStore: ObjectStore,
  input: { id: string },
): Promise<ModelFile> {
  const { sha256, name, number } = await getModelVersion(context, input)
  if (sha256 === null)
    throw new ServiceError('NOT_FOUND', 'This version has imported predictions only: it has no model.', {
      code: 'NO_MODEL_FILE',
    })
  const key = `models/${sha256}.onnx`
  const stored = await objectStore.find(key)
  if (stored === null)
    throw new ServiceError('NOT_FOUND', 'The model file is no longer in the object store.', {
      code: 'MODEL_FILE_MISSING',
    })
  const { sizeBytes } = stored
  const stream = () => streamObject(objectStore, key, sizeBytes)
  return { filename: `${fileNameOf(name)}-v${number}.onnx`, sha256, sizeBytes, stream }
}

/** A header takes no letter beyond ASCII, and a file system no slash. */
function fileNameOf(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '') || 'model'
}

function streamObject(store: ObjectStore, key: string, sizeBytes: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream(
    {
      async pull(controller) {
        const end = Math.min(at + PIECE_BYTES, sizeBytes)
        controller.enqueue(await store.getRange(key, at, end - 1))
        at = end
        if (at >= sizeBytes) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
}
