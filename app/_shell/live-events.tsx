'use client'

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import type { DashboardEventData, DashboardEventName } from '#lib/delivery/live/dashboard-events.ts'

type Handler<Name extends DashboardEventName> = (data: DashboardEventData<Name>) => void

/** The types of their schemas are enough here: zod itself would make the scripts of every page larger. */
const NAMES: Readonly<Record<DashboardEventName, true>> = {
  run: true,
  'run-progress': true,
  snapshot: true,
  dependency: true,
}
/** Where no event stream gets through, pages look again by themselves this often. */
const FALL_BACK_POLL_MS = 10_000

class LiveEvents {
  readonly #handlers = new Map<string, Set<(data: never) => void>>()

  on<Name extends DashboardEventName>(name: Name, handler: Handler<Name>): () => void {
    const handlers = this.#handlers.get(name) ?? new Set()
    this.#handlers.set(name, handlers.add(handler))
    return () => void handlers.delete(handler)
  }

  emit(name: string, data: unknown): void {
    for (const handler of this.#handlers.get(name) ?? []) handler(data as never)
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
    for (const name of Object.keys(NAMES))
      source.addEventListener(name, (event) => events.emit(name, JSON.parse((event as MessageEvent).data)))
    return () => source.close()
  }, [events, allowed])
  return <EventsContext value={{ events, connected }}>{children}</EventsContext>
}

/** Calls the handler for each event of this name while the component stands. */
export function useLiveEvent<Name extends DashboardEventName>(name: Name, handler: Handler<Name>): void {
  const live = useContext(EventsContext)
  const latest = useRef(handler)
  latest.current = handler
  useEffect(() => live?.events.on(name, (data) => latest.current(data)), [live, name])
}

/** False while the stream is broken: then ask every `FALL_BACK_POLL_MS` (`refetchInterval` of a query). */
export function usePollInterval(): number | false {
  return useContext(EventsContext)?.connected === false ? FALL_BACK_POLL_MS : false
}
