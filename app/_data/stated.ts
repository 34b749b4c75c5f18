/** The filters that say something, as the API takes them; a page's address holds the others as null. */
export function stated<Filters extends object>(
  filters: Filters,
): { [Name in keyof Filters]?: Exclude<Filters[Name], null> } {
  const given = Object.entries(filters).filter(([, value]) => value !== null && value !== '')
  return Object.fromEntries(given) as { [Name in keyof Filters]?: Exclude<Filters[Name], null> }
}
