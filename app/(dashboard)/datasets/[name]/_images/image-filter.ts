import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { stated } from '#app/_data/stated.ts'

import type { ImageSort } from '#lib/data/image/schema.ts'

export const SORTS = ['added', 'key', 'patient', 'pixels'] as const satisfies readonly ImageSort[]

/** Which images are shown, as the page's address holds it. */
export const imageFilterParsers = {
  findingClass: parseAsString,
  patient: parseAsString,
  q: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault('added'),
}

export type ImageFilter = inferParserType<typeof imageFilterParsers>

/** The same as the API's query. */
export function imageFilterQuery(filter: ImageFilter) {
  return { ...stated(filter), ...(filter.sort === 'pixels' ? { descending: 'true' as const } : {}) }
}
