import { type inferParserType, parseAsString, parseAsStringLiteral } from 'nuqs/server'

export const SORTS = ['added', 'key', 'patient', 'pixels'] as const

/** Which images are shown, as the page's address holds it. */
export const imageFilterParsers = {
  findingClass: parseAsString,
  patient: parseAsString,
  q: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault('added'),
}

export type ImageFilter = inferParserType<typeof imageFilterParsers>

/** The same as the API's query: `findingClass=…&sort=added`. */
export function imageFilterQuery(filter: ImageFilter): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value)
  if (filter.sort === 'pixels') query.set('descending', 'true')
  return query.toString()
}
