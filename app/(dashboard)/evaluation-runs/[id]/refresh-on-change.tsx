'use client'

import { useRouter } from 'next/navigation'
import { useLiveEvent } from '#app/_shell/live-events.tsx'
import type { RunStatus } from '#lib/model/evaluation-run/schema.ts'

/** Renders the page anew when a user retries, cancels or deletes the run elsewhere; draws nothing. */
export function RefreshOnChange({ runId, status }: { runId: string; status: RunStatus }) {
  const router = useRouter()
  useLiveEvent('run', ({ id, status: now }) => {
    if (id === runId && now !== status) router.refresh()
  })
  return null
}
