import type { RefusedFile } from './group-files.ts'
import type { Batch } from './make-batches.ts'

export type SentBatch<F> = {
  batch: Batch<F>
  status: 'waiting' | 'sending' | 'sent' | 'failed'
  /** Of its bytes, how many have left. */
  ratio: number
  /** Why it failed, in words. */
  fault: string | null
}

export type UploadState<F> = {
  /** `stopped`: cancelled, or ended because going on made no sense; what is left can still be sent. */
  phase: 'choosing' | 'sending' | 'stopped' | 'finished'
  batches: SentBatch<F>[]
  /** Images that the dataset has now, those included that it had already with the same bytes. */
  stored: number
  refused: (Omit<RefusedFile, 'code'> & { code: string })[]
  /** What the service says of an archive as a whole. */
  notes: string[]
}

export type UploadAction<F> =
  | { type: 'begin'; batches: Batch<F>[]; refused: readonly RefusedFile[] }
  | { type: 'again' }
  | { type: 'progress'; index: number; ratio: number }
  | {
      type: 'sent'
      index: number
      stored: number
      skipped: readonly { file: string; code: string }[]
      notes: readonly { message: string }[]
    }
  | { type: 'failed'; index: number; fault: string }
  | { type: 'stop' }
  | { type: 'finish' }
  | { type: 'clear' }

export const NOTHING_CHOSEN: UploadState<never> = {
  phase: 'choosing',
  batches: [],
  stored: 0,
  refused: [],
  notes: [],
}

/** What became of an upload after the next thing that happened to it. */
export function nextUploadState<F>(state: UploadState<F>, action: UploadAction<F>): UploadState<F> {
  switch (action.type) {
    case 'begin':
      return {
        phase: 'sending',
        batches: action.batches.map((batch) => ({ batch, status: 'waiting', ratio: 0, fault: null })),
        stored: 0,
        refused: [...action.refused],
        notes: [],
      }
    case 'again':
      return { ...unsent(state), phase: 'sending' }
    case 'progress':
      return change(state, action.index, { status: 'sending', ratio: action.ratio })
    case 'sent':
      return {
        ...change(state, action.index, { status: 'sent', ratio: 1 }),
        stored: state.stored + action.stored,
        refused: [...state.refused, ...action.skipped.map(({ file, code }) => ({ path: file, code }))],
        notes: [...new Set([...state.notes, ...action.notes.map(({ message }) => message)])],
      }
    case 'failed':
      return change(state, action.index, { status: 'failed', ratio: 0, fault: action.fault })
    case 'stop':
      return { ...interrupted(state), phase: 'stopped' }
    case 'finish':
      return { ...state, phase: 'finished' }
    case 'clear':
      return NOTHING_CHOSEN
  }
}

function change<F>(state: UploadState<F>, index: number, part: Partial<SentBatch<F>>): UploadState<F> {
  const changed = state.batches.map((sent, at) => (at === index ? { ...sent, fault: null, ...part } : sent))
  return { ...state, batches: changed }
}

/** A request that was cut off may or may not have arrived: sending it again does no harm. */
function interrupted<F>(state: UploadState<F>): UploadState<F> {
  return {
    ...state,
    batches: state.batches.map((sent) =>
      sent.status === 'sending' ? { ...sent, status: 'waiting', ratio: 0 } : sent,
    ),
  }
}

function unsent<F>(state: UploadState<F>): UploadState<F> {
  return {
    ...state,
    batches: state.batches.map((sent) =>
      sent.status === 'sent' ? sent : { ...sent, status: 'waiting', ratio: 0, fault: null },
    ),
  }
}

export type UploadProgress = { files: number; totalFiles: number; bytes: number; totalBytes: number }

/** Files that have arrived, and bytes that have left. */
export function uploadProgress({ batches }: Pick<UploadState<unknown>, 'batches'>): UploadProgress {
  const progress = { files: 0, totalFiles: 0, bytes: 0, totalBytes: 0 }
  for (const { batch, status, ratio } of batches) {
    progress.totalFiles += batch.files.length
    progress.totalBytes += batch.bytes
    progress.bytes += batch.bytes * ratio
    if (status === 'sent') progress.files += batch.files.length
  }
  return progress
}
