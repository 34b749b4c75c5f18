import { z } from 'zod'

/** A moment in a reply: a `Date` here, ISO 8601 in UTC on the wire. */
export const instant = z.date().meta({ type: 'string', format: 'date-time' })
