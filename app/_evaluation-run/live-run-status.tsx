'use client'

import { useState } from 'react'
import { useLiveEvent } from '#app/_shell/live-events.tsx'
import type { RunStatus } from '#lib/model/evaluation-run/queries.ts'
import { RunStatusBadge } from './run-status-badge.tsx'

type Progress = { done: number; errors: number; total: number }

/** A run's status whose bar moves by itself; another status comes with the page. */
export function LiveRunStatus(props: { id: string; status: RunStatus; progress: Progress }) {
  const { id, status } = props
  const [told, setTold] = useState<Progress | null>(null)
  useLiveEvent('run-progress', (data) => {
    const event = data as { id: string; progress: Progress }
    if (event.id === id) setTold(event.progress)
  })
  return (
    <RunStatusBadge
      status={status}
      progress={status === 'running' ? (told ?? props.progress) : props.progress}
    />
  )
}
