'use client'

import { useEffect, useReducer, useRef } from 'react'
import type { GroupedFiles, ReadyFile } from './group-files.ts'
import { makeBatches } from './make-batches.ts'
import { runUpload } from './run-upload.ts'
import { sendBatch } from './send-batch.ts'
import { NOTHING_CHOSEN, nextUploadState, type UploadAction, type UploadState } from './upload-state.ts'

/** An upload of this tab: its state, and what can be done with it. Leaving the page while it runs is asked about. */
export function useUpload(limitBytes: number) {
  const [state, tell] = useReducer(
    (before: UploadState<File>, action: UploadAction<File>) => nextUploadState(before, action),
    NOTHING_CHOSEN,
  )
  const cancel = useRef<AbortController | null>(null)
  useEffect(() => () => cancel.current?.abort(), [])
  useLeaveQuestion(state.phase === 'sending')

  function run(dataset: string, batches: Parameters<typeof runUpload<File>>[0]['batches']): Promise<void> {
    const controller = new AbortController()
    cancel.current = controller
    return runUpload({
      batches,
      send: (batch, options) => sendBatch(dataset, batch, options),
      tell,
      signal: controller.signal,
    })
  }

  return {
    state,
    begin: (dataset: string, files: readonly ReadyFile<File>[], refused: GroupedFiles<File>['refused']) => {
      const batches = makeBatches(files, limitBytes)
      tell({ type: 'begin', batches, refused })
      return run(
        dataset,
        batches.map((batch, index) => ({ index, batch })),
      )
    },
    /** Sends what failed and what was not sent yet. */
    again: (dataset: string) => {
      tell({ type: 'again' })
      return run(
        dataset,
        state.batches.flatMap(({ batch, status }, index) => (status === 'sent' ? [] : [{ index, batch }])),
      )
    },
    cancel: () => cancel.current?.abort(),
    clear: () => tell({ type: 'clear' }),
  }
}

function useLeaveQuestion(asking: boolean): void {
  useEffect(() => {
    if (!asking) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [asking])
}
