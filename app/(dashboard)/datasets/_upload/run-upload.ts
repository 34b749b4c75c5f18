import type { UploadResult } from '#lib/data/dataset/schema.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { Batch } from './make-batches.ts'
import type { UploadAction } from './upload-state.ts'

/** One request may fail by itself; after two in a row the third would fail, too. */
const FAILURES_IN_A_ROW = 2

/** The next request would be refused for the same reason: no right, no such dataset, no space, signed out. */
const HOPELESS: ReadonlySet<number> = new Set([401, 403, 404, 409, 507])

export type Send<F> = (
  batch: Batch<F>,
  options: { signal: AbortSignal; onProgress: (ratio: number) => void },
) => Promise<UploadResult>

/** Sends one batch after the other and goes on after one that failed; stops where going on makes no sense. */
export async function runUpload<F>(options: {
  batches: readonly { index: number; batch: Batch<F> }[]
  send: Send<F>
  tell: (action: UploadAction<F>) => void
  signal: AbortSignal
}): Promise<void> {
  const { tell, signal } = options
  let failures = 0
  for (const { index, batch } of options.batches) {
    tell({ type: 'progress', index, ratio: 0 })
    try {
      const onProgress = (ratio: number) => tell({ type: 'progress', index, ratio })
      const { stored, skipped, notes } = await options.send(batch, { signal, onProgress })
      tell({ type: 'sent', index, stored, skipped, notes })
      failures = 0
    } catch (error) {
      if (signal.aborted) return tell({ type: 'stop' })
      if (!(error instanceof ApiFailure)) throw error
      tell({ type: 'failed', index, fault: error.message })
      failures += 1
      if (failures === FAILURES_IN_A_ROW || HOPELESS.has(error.status)) return tell({ type: 'stop' })
    }
    if (signal.aborted) return tell({ type: 'stop' })
  }
  tell({ type: 'finish' })
}
