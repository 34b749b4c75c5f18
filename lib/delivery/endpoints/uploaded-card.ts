import { readFile } from 'node:fs/promises'
import type { UploadedFile } from '#lib/platform/api/multipart.ts'
import { parseStrictJson } from '#lib/platform/api/strict-json.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** The model card of an upload, which may be a text part or a file part, as plain JSON. */
export async function readUploadedCard(
  text: string | undefined,
  file: UploadedFile | undefined,
): Promise<unknown> {
  if ((text === undefined) === (file === undefined))
    throw new ServiceError('BAD_REQUEST', 'Send the model card once, in the field "card".', {
      code: 'BAD_MULTIPART',
    })
  const bytes = file === undefined ? Buffer.from(text ?? '') : await readFile(file.path)
  return parseStrictJson(bytes, 'The model card')
}
