/** Any origin does: what is not on it after resolving leads away from this service. */
const HERE = 'http://here.invalid'

/**
 * The page of this service that `next` names, or null: never another site's, however it is written (`//site`, `/\site`,
 * or with a tab between, which browsers leave out).
 */
export function nextAddress(next: string | null | undefined): string | null {
  if (next === null || next === undefined || !next.startsWith('/')) return null
  const url = URL.canParse(next, HERE) ? new URL(next, HERE) : null
  if (url === null || url.origin !== HERE || url.pathname.startsWith('//')) return null
  return url.pathname === '/login' ? null : url.pathname + url.search + url.hash
}
