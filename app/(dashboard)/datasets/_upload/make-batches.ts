import type { ReadyFile } from './group-files.ts'

export type Batch<F> = { findingClass: string | null; files: ReadyFile<F>[]; bytes: number }

/** Small enough that a failure costs little, large enough that the requests do not. */
const BATCH_BYTES = 8 * 1024 * 1024
/** The route takes 1,000; thousands of tiny images still show progress. */
const BATCH_FILES = 200

/**
 * Requests that send all files: one finding class each, an archive alone, none beyond the upload limit unless a single
 * file is. Files keep their order within a finding class.
 */
export function makeBatches<F extends { size: number }>(
  files: readonly ReadyFile<F>[],
  limitBytes: number,
): Batch<F>[] {
  const batches: Batch<F>[] = []
  const open = new Map<string, Batch<F>>()
  const mostBytes = Math.min(BATCH_BYTES, limitBytes)
  for (const ready of files) {
    const { findingClass, file } = ready
    const current = findingClass === null ? undefined : open.get(findingClass)
    if (
      current !== undefined &&
      current.files.length < BATCH_FILES &&
      current.bytes + file.size <= mostBytes
    ) {
      current.files.push(ready)
      current.bytes += file.size
      continue
    }
    const batch = { findingClass, files: [ready], bytes: file.size }
    batches.push(batch)
    if (findingClass !== null) open.set(findingClass, batch)
  }
  return batches
}
