import type { EventKind } from './event-kind.ts'

/** What a noun adds to a feed: it looks how its objects stand and tells what it sees. */
export type LiveSource = {
  /** Looked at with every look of the feed unless stated. */
  everyMs?: number
  /** Its looks take the database's time, which the feed spares. */
  asksDatabase: boolean
  look: (view: LiveView) => Promise<void>
}

/** A feed as a source sees it during one look. */
export type LiveView = {
  /** What ended within these seconds may not have been told yet. */
  sinceSeconds: number
  /** The objects that clients ask for one by one. */
  wanted: readonly string[]
  /** Aborts when no client listens any more. */
  signal: AbortSignal
  /** What was last told of each object of this kind that goes on changing. */
  lasting<Data extends object>(kind: EventKind<string, Data>): Data[]
  /** Tells all who listen, unless the same was told before. `lasting`: it goes on changing, so that who comes later is told. */
  tell<Data extends object>(kind: EventKind<string, Data>, data: Data, how: { lasting: boolean }): void
  /** Who comes later is told of no other object of this kind. */
  keepOnly(kind: EventKind, ids: readonly string[]): void
}
