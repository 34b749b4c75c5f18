import { useRef, useState } from 'react'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { sendModel, type TakenVersion } from './send-model.ts'

export type UploadState =
  | { step: 'choosing' }
  | { step: 'sending'; ratio: number }
  | { step: 'refused'; failure: ApiFailure }
  | { step: 'taken-in'; version: TakenVersion }

/** One upload at a time; what was chosen stays with the form, whatever comes of it. */
export function useModelUpload() {
  const [state, setState] = useState<UploadState>({ step: 'choosing' })
  const underWay = useRef<AbortController | null>(null)

  async function send(files: { model: File; card: File }): Promise<void> {
    if (underWay.current !== null) return
    const upload = new AbortController()
    underWay.current = upload
    setState({ step: 'sending', ratio: 0 })
    try {
      const onProgress = (ratio: number) => setState({ step: 'sending', ratio })
      setState({ step: 'taken-in', version: await sendModel(files, { signal: upload.signal, onProgress }) })
    } catch (error) {
      if (upload.signal.aborted) setState({ step: 'choosing' })
      else if (error instanceof ApiFailure) setState({ step: 'refused', failure: error })
      else throw error
    } finally {
      underWay.current = null
    }
  }

  return {
    state,
    send,
    cancel: () => underWay.current?.abort(),
    /** Another file was chosen: what was said of the one before no longer holds. */
    forget: () => setState((now) => (now.step === 'sending' ? now : { step: 'choosing' })),
  }
}
