'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import type { DashboardEventName } from '#lib/delivery/live/dashboard-events.ts'
import { useLiveEvent, usePollInterval } from './live-events.tsx'

/** Nothing on a page renews itself more often. */
const LEAST_INTERVAL_MS = 2_000

/** Renders the server's parts of the page anew when something of this kind happens; draws nothing. */
export function RefreshOnEvents({ types }: { types: readonly DashboardEventName[] }) {
  const router = useRouter()
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null)
  const last = useRef(0)
  const refresh = () => {
    if (waiting.current !== null) return
    const wait = Math.max(0, last.current + LEAST_INTERVAL_MS - Date.now())
    waiting.current = setTimeout(() => {
      waiting.current = null
      last.current = Date.now()
      router.refresh()
    }, wait)
  }
  useLiveEvent('run', () => types.includes('run') && refresh())
  useLiveEvent('snapshot', () => types.includes('snapshot') && refresh())
  useLiveEvent('dependency', () => types.includes('dependency') && refresh())
  const pollInterval = usePollInterval()
  useEffect(() => {
    if (pollInterval === false) return
    const timer = setInterval(() => router.refresh(), pollInterval)
    return () => clearInterval(timer)
  }, [pollInterval, router])
  useEffect(() => () => clearTimeout(waiting.current ?? undefined), [])
  return null
}
