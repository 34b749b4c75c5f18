import type { Database } from '#db/client.ts'
import { snapshotSource } from '#lib/data/snapshot/live-source.ts'
import { dependencySource } from '#lib/delivery/health/live-source.ts'
import type { Health } from '#lib/delivery/health/schema.ts'
import { followedRunSource, runProgressSource, runSource } from '#lib/model/evaluation-run/live-sources.ts'
import { LiveFeed } from '#lib/platform/live/live-feed.ts'
import { LivePoller } from '#lib/platform/live/live-poller.ts'

export type FeedParts = {
  db: Database
  checkHealth: () => Promise<Health>
  pollMs?: number
  restFactor?: number
  healthMs?: number
  progressMs?: number
}

/** All feeds of a process: one look at the database for the clients of each. */
export type Feeds = {
  /** Everything that moves on the dashboard: `DASHBOARD_EVENTS`. */
  dashboard: LiveFeed
  /** Runs that clients follow one by one. */
  followedRuns: LiveFeed
}

export function openFeeds({ db, checkHealth, healthMs, progressMs, ...pace }: FeedParts): Feeds {
  const dashboard = new LiveFeed([
    dependencySource(checkHealth, { everyMs: healthMs }),
    runSource(db),
    runProgressSource(db, { everyMs: progressMs }),
    snapshotSource(db),
  ])
  const followedRuns = new LiveFeed([followedRunSource(db)])
  new LivePoller([dashboard, followedRuns], pace)
  return { dashboard, followedRuns }
}
