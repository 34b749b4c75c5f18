'use client'

import Link from 'next/link'
import { useRef } from 'react'
import type { RunNotice } from '#lib/model/evaluation-run/live-events.ts'
import { useLiveEvent } from './live-events.tsx'
import { showNotice } from './show-notice.ts'

/** Says when an evaluation or a scan that was under way has ended; draws nothing itself. */
export function WorkNotices() {
  const underWay = useRef(new Set<string>())

  /** True when this was seen under way before and has ended now. */
  function hasEnded(id: string, active: boolean): boolean {
    if (active) underWay.current.add(id)
    return !active && underWay.current.delete(id)
  }

  useLiveEvent('run', (run) => {
    if (!hasEnded(run.id, run.status === 'queued' || run.status === 'running')) return
    if (run.status === 'succeeded') say('teal', 'Evaluation finished', run, 'results')
    if (run.status === 'failed') say('red', 'Evaluation failed', run, 'the cause')
  })
  useLiveEvent('snapshot', (snapshot) => {
    if (!hasEnded(snapshot.id, snapshot.status === 'scanning') || snapshot.status !== 'failed') return
    void showNotice({
      color: 'red',
      title: 'Scan failed',
      message: (
        <Link href={`/datasets/${encodeURIComponent(snapshot.dataset)}`}>
          {snapshot.dataset}: view the cause
        </Link>
      ),
      autoClose: false,
      closeButtonProps: { 'aria-label': 'Dismiss' },
    })
  })
  return null
}

function say(color: string, title: string, run: RunNotice, what: string): void {
  void showNotice({
    id: `run-${run.id}-${run.status}`,
    color,
    title,
    message: (
      <Link href={`/evaluation-runs/${run.id}`}>
        {run.modelVersion} on {run.dataset}: view {what}
      </Link>
    ),
    autoClose: run.status === 'failed' ? false : 12_000,
    closeButtonProps: { 'aria-label': 'Dismiss' },
  })
}
