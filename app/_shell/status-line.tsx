'use client'

import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Health } from '#lib/delivery/health/schema.ts'
import type { DashboardEventData } from '#lib/delivery/live/dashboard-events.ts'
import { useLiveEvent, usePollInterval } from './live-events.tsx'

const HEALTH_KEY = ['health']
/** Events tell what changes; this is for the ones that did not arrive. */
const POLL_MS = 60_000
const POLL_WHILE_AWAY_MS = 5_000

const WHAT_STILL_WORKS: Readonly<Record<keyof Health['dependencies'], { name: string; works: string }>> = {
  evaluator: {
    name: 'The evaluator is unavailable',
    works: 'Existing results stay available. Evaluations wait and resume automatically.',
  },
  objectStore: {
    name: 'The object store is unavailable',
    works: 'Metrics stay available, images do not. Evaluations wait and resume automatically.',
  },
  database: {
    name: 'The database is unavailable',
    works: 'No data is lost. Pages load again once it is back.',
  },
}

const awayOf = (health: Health | undefined) =>
  Object.entries(health?.dependencies ?? {}).filter(([, { status }]) => status !== 'ok')

const BUSY = { name: 'The database is busy', works: 'Replies are delayed. No data is lost.' }

function withNotice(health: Health, { name, status, detail }: DashboardEventData<'dependency'>): Health {
  return { ...health, dependencies: { ...health.dependencies, [name]: { status, detail } } }
}

/** Says what is away and what works nevertheless; nothing where all is well. */
export function StatusLine() {
  const queries = useQueryClient()
  const pollInterval = usePollInterval()
  const { data } = useQuery({
    queryKey: HEALTH_KEY,
    queryFn: async () => (await (await fetch('/api/health')).json()) as Health,
    staleTime: 30_000,
    refetchInterval: ({ state }) =>
      awayOf(state.data).length > 0 ? POLL_WHILE_AWAY_MS : pollInterval === false ? POLL_MS : pollInterval,
  })
  // The event itself holds the state: asked again at this moment, another connection might still be the broken one.
  useLiveEvent('dependency', async (notice) => {
    await queries.cancelQueries({ queryKey: HEALTH_KEY, exact: true })
    const known = queries.getQueryData<Health>(HEALTH_KEY)
    if (known === undefined) void queries.invalidateQueries({ queryKey: HEALTH_KEY, exact: true })
    else queries.setQueryData<Health>(HEALTH_KEY, withNotice(known, notice))
  })
  const away = awayOf(data)
  if (away.length === 0) return null
  return (
    <Alert color="orange" icon={<IconPlugConnectedX aria-hidden />} mb="md" role="status" data-print="no">
      {away.map(([name, { status }]) => {
        const { name: title, works } =
          status === 'busy' ? BUSY : WHAT_STILL_WORKS[name as keyof Health['dependencies']]
        return (
          <div key={name}>
            <strong>{title}.</strong> {works}
          </div>
        )
      })}
    </Alert>
  )
}
