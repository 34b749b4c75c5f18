import type { Position } from './cursor.ts'

/** Lists that show the newest first go on after a creation time and, among equal ones, an id. */
type Created = { createdAt: Date; id: string }

export function positionOf({ createdAt, id }: Created): Position {
  return [createdAt.toISOString(), id]
}

/** The cursor is signed, so it holds what `positionOf` wrote. */
export function positionedAt(after: Position | null): Created | null {
  return after === null ? null : { createdAt: new Date(String(after[0])), id: String(after[1]) }
}
