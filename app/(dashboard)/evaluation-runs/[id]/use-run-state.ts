import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '#app/_data/api.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { FOLLOWED_RUN_ENDS } from '#lib/model/evaluation-run/live-events.ts'
import type { DataOf } from '#lib/platform/live/event-kind.ts'
import { isOver, type RunState } from './run-state.ts'

/** While the event stream does not get through. */
const POLL_MS = 3_000

/** The run as it stands now: told by its event stream, asked for where that is broken. */
export function useRunState(initial: RunState): RunState {
  const { id } = initial
  const [told, setTold] = useState<RunState | null>(null)
  const [connected, setConnected] = useState(true)
  const ended = isOver(told ?? initial)
  useEffect(() => {
    if (ended) return
    const source = new EventSource(`/api/evaluation-runs/${id}/events`)
    const take = (event: Event) => {
      const state: DataOf<typeof FOLLOWED_RUN_ENDS> = JSON.parse((event as MessageEvent).data)
      if ('status' in state) setTold(state)
    }
    source.onopen = () => setConnected(true)
    source.onerror = () => setConnected(false)
    source.addEventListener('progress', take)
    source.addEventListener('end', (event) => {
      take(event)
      source.close() // it would come back and be told the same again
    })
    return () => source.close()
  }, [id, ended])
  const polled = useQuery({
    queryKey: ['evaluation-run', id, 'state'],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/evaluation-runs/{id}', { params: { path: { id } }, signal })),
    enabled: !connected && !ended,
    refetchInterval: POLL_MS,
  })
  return (connected ? told : polled.data) ?? told ?? initial
}
