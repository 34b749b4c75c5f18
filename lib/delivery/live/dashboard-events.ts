import { SNAPSHOT_EVENTS } from '#lib/data/snapshot/live-events.ts'
import { DEPENDENCY_EVENTS } from '#lib/delivery/health/live-events.ts'
import { RUN_EVENTS, RUN_PROGRESS_EVENTS } from '#lib/model/evaluation-run/live-events.ts'
import type { DataOf } from '#lib/platform/live/event-kind.ts'

/** Everything that moves on the dashboard. */
export const DASHBOARD_EVENTS = [RUN_EVENTS, RUN_PROGRESS_EVENTS, SNAPSHOT_EVENTS, DEPENDENCY_EVENTS] as const

type DashboardEvents = (typeof DASHBOARD_EVENTS)[number]
export type DashboardEventName = DashboardEvents['name']
export type DashboardEventData<Name extends DashboardEventName> = DataOf<
  Extract<DashboardEvents, { name: Name }>
>
