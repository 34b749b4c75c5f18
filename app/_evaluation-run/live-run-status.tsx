'use client'

import { useState } from 'react'
import { useLiveEvent } from '#app/_shell/live-events.tsx'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import { RunStatusBadge } from './run-status-badge.tsx'

type Progress = EvaluationRunSummary['progress']

/** A run's status whose bar moves by itself; another status comes with the page. */
export function LiveRunStatus(props: Pick<EvaluationRunSummary, 'id' | 'status' | 'progress'>) {
  const { id, status } = props
  const [told, setTold] = useState<Progress | null>(null)
  useLiveEvent('run-progress', (event) => {
    if (event.id === id) setTold(event.progress)
  })
  return (
    <RunStatusBadge
      status={status}
      progress={status === 'running' ? (told ?? props.progress) : props.progress}
    />
  )
}
