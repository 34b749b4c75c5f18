'use client'

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'

/** `run`: another status; `run-progress`: only further on. */
export type LiveEventType = 'run' | 'run-progress' | 'snapshot' | 'dependency'
type Handler = (data: unknown) => void

const TYPES: readonly LiveEventType[] = ['run', 'run-progress', 'snapshot', 'dependency']
/** Where no event stream gets through, pages look again by themselves this often. */
const FALL_BACK_POLL_MS = 10_000

class LiveEvents {
  readonly #handlers = new Map<LiveEventType, Set<Handler>>()

  on(type: LiveEventType, handler: Handler): () => void {
    const handlers = this.#handlers.get(type) ?? new Set()
    this.#handlers.set(type, handlers.add(handler))
    return () => void handlers.delete(handler)
  }

  emit(type: LiveEventType, data: unknown): void {
    for (const handler of this.#handlers.get(type) ?? []) handler(data)
  }
}

const EventsContext = createContext<{ events: LiveEvents; connected: boolean } | null>(null)

/** One event stream for the whole tab (`GET /api/events`), however many parts of a page listen; none where not allowed. */
export function LiveEventsProvider({ allowed, children }: { allowed: boolean; children: ReactNode }) {
  const [events] = useState(() => new LiveEvents())
  const [connected, setConnected] = useState(true)
  useEffect(() => {
    if (!allowed) return
    const source = new EventSource('/api/events')
    source.onopen = () => setConnected(true)
    source.onerror = () => setConnected(false)
    for (const type of TYPES)
      source.addEventListener(type, (event) => events.emit(type, JSON.parse((event as MessageEvent).data)))
    return () => source.close()
  }, [events, allowed])
  return <EventsContext value={{ events, connected }}>{children}</EventsContext>
}

/** Calls the handler for each event of this type while the component stands. */
export function useLiveEvent(type: LiveEventType, handler: Handler): void {
  const live = useContext(EventsContext)
  const latest = useRef(handler)
  latest.current = handler
  useEffect(() => live?.events.on(type, (data) => latest.current(data)), [live, type])
}

/** False while the stream is broken: then ask every `FALL_BACK_POLL_MS` (`refetchInterval` of a query). */
export function usePollInterval(): number | false {
  return useContext(EventsContext)?.connected === false ? FALL_BACK_POLL_MS : false
}
