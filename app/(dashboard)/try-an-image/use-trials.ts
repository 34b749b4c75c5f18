import { useEffect, useRef, useState } from 'react'
import { sendForm } from '#app/_data/send-form.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { explainSetback } from './explain-setback.ts'
import type { PredictingVersion, Setback, Shown, Trial } from './trial.ts'

export type Trials = {
  /** The last image that was predicted: image and prediction belong together, whatever happens beside them. */
  shown: Shown | null
  pending: { trial: Trial; version: PredictingVersion; ratio: number } | null
  setback: Setback | null
}

const NOTHING: Trials = { shown: null, pending: null, setback: null }

/** One prediction at a time; a refusal, a failure or a change of mind takes nothing away of what is shown. */
export function useTrials() {
  const [state, setState] = useState<Trials>(NOTHING)
  const underWay = useRef<AbortController | null>(null)
  useEffect(() => () => underWay.current?.abort(), [])

  async function ask(trial: Trial, version: PredictingVersion): Promise<void> {
    underWay.current?.abort()
    const attempt = new AbortController()
    underWay.current = attempt
    const change = (apply: (now: Trials) => Trials) => underWay.current === attempt && setState(apply)
    const onProgress = (ratio: number) =>
      change((now) => ({ ...now, pending: { trial, version, ratio }, setback: null }))
    onProgress(0)
    try {
      const form = new FormData()
      form.set('image', trial.file, trial.file.name)
      const path = '/api/model-versions/{id}/predictions'
      const { body } = await sendForm(path, { id: version.id }, form, { signal: attempt.signal, onProgress })
      change(() => ({ shown: { trial, version, reply: body }, pending: null, setback: null }))
    } catch (error) {
      if (attempt.signal.aborted) return
      if (!(error instanceof ApiFailure)) throw error
      change((now) => ({ ...now, pending: null, setback: explainSetback(error, trial) }))
    }
  }

  function cancel(): void {
    underWay.current?.abort()
    setState((now) =>
      now.pending === null ? now : { ...now, pending: null, setback: cancelledBy(now.pending.trial) },
    )
  }

  function refuse(setback: Setback): void {
    underWay.current?.abort()
    setState((now) => ({ ...now, pending: null, setback }))
  }

  return { ...state, ask, cancel, refuse }
}

function cancelledBy(trial: Trial): Setback {
  return {
    title: 'Cancelled',
    reason: `No prediction was made for ${trial.file.name}.`,
    remedy: 'The image is still selected.',
    again: trial,
    cancelled: true,
  }
}
