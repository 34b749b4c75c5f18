import { z } from 'zod'
import { canonicalJson } from '#lib/platform/audit/canonical-json.ts'
import { type Position, readCursor, writeCursor } from '#lib/platform/cursor.ts'
import { queryInteger } from './query-field.ts'

/** The query fields of every list: `z.strictObject({ ...pageQuery, findingClass: … })`. */
export const pageQuery = {
  limit: queryInteger({ min: 1, max: 500 }).default(50).describe('50 where nothing is said'),
  cursor: z.string().min(1).max(2000).optional(),
}

export function pageOf<S extends z.ZodType>(item: S) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** What a list's handler needs to ask for one page and to answer with it. */
export type Page = {
  /** The position after which the page begins; null at the start of the list. */
  after: Position | null
  /** One more than is shown: the row too many says that there is a next page. */
  take: number
  of: <Row>(
    rows: readonly Row[],
    positionOf: (row: Row) => Position,
  ) => { items: Row[]; nextCursor: string | null }
}

export function openPage(options: {
  secret: string
  actorId: string
  address: string
  query: { limit: number; cursor?: string | undefined }
}): Page {
  const { limit, cursor, ...filters } = options.query
  const scope = canonicalJson([options.actorId, options.address, filters])
  return {
    after: cursor === undefined ? null : readCursor(options.secret, scope, cursor),
    take: limit + 1,
    of: (rows, positionOf) => {
      const items = rows.slice(0, limit)
      const last = items.at(-1)
      const more = rows.length > limit && last !== undefined
      return { items, nextCursor: more ? writeCursor(options.secret, scope, positionOf(last)) : null }
    },
  }
}
