import { formatBytes } from '#app/_format/measure.ts'
import { TELLING_BYTES, unsuitableFormat } from './image-format.ts'
import type { Setback } from './trial.ts'

type Fault = Pick<Setback, 'title' | 'reason' | 'remedy'>

/** The one image among the chosen files, or what is wrong with them as far as it shows before anything is sent. */
export async function pickImage(
  files: readonly File[],
  limitBytes: number,
): Promise<{ file: File } | { fault: Fault }> {
  const [file] = files
  if (file === undefined)
    return {
      fault: {
        title: 'No image',
        reason: 'The dropped or pasted content is not a file.',
        remedy: 'Copy the image itself, or drop or choose its file.',
      },
    }
  if (files.length > 1)
    return {
      fault: {
        title: `${files.length} files at once`,
        reason: 'Only one image can be used at a time.',
        remedy: 'Choose a single image. For many images, add a dataset and evaluate it.',
      },
    }
  const fault = await faultOf(file, limitBytes)
  return fault === null ? { file } : { fault: { title: `${file.name} cannot be used`, ...fault } }
}

async function faultOf(file: File, limitBytes: number): Promise<Omit<Fault, 'title'> | null> {
  if (file.size > limitBytes)
    return {
      reason: `It has ${formatBytes(file.size)}; the limit is ${formatBytes(limitBytes)}.`,
      remedy: 'Save a smaller copy, for example as JPEG.',
    }
  let bytes: Uint8Array
  try {
    bytes = new Uint8Array(await file.slice(0, TELLING_BYTES).arrayBuffer())
  } catch {
    return {
      reason: 'It is a folder or cannot be opened.',
      remedy: 'Choose one image that you can open.',
    }
  }
  if (bytes.length === 0)
    return {
      reason: 'The file has no bytes.',
      remedy: 'Copy or export the image again and choose the new copy.',
    }
  return unsuitableFormat(bytes)
}
