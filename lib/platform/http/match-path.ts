type PathPattern = { method: string; path: string }

/** `/api/datasets/{name}` as a test of an address' path; a placeholder stands for one segment. */
function matches(pattern: string, path: string): boolean {
  const wanted = withoutSlash(pattern).split('/')
  const given = path.split('/')
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.startsWith('{') ? given[index] !== '' : segment === given[index],
    )
  )
}

function pathOf(url: string): string {
  return withoutSlash(url.split('?', 1)[0] ?? '/')
}

/** `/predict/` and `/predict` are one address, as every other is with and without a slash at its end. */
function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

/** The pattern that describes an address, for metrics: few values, no ids, no names; null where none does. */
export function patternOfUrl(endpoints: readonly PathPattern[], url: string): string | null {
  const path = pathOf(url)
  const exact = endpoints.find((endpoint) => withoutSlash(endpoint.path) === path)
  return (exact ?? endpoints.find((endpoint) => matches(endpoint.path, path)))?.path ?? null
}

/** The methods of an address that is part of the API (HEAD wherever GET is); null for any other address. */
export function methodsOfPath(endpoints: readonly PathPattern[], url: string): string[] | null {
  const pattern = patternOfUrl(endpoints, url)
  if (pattern === null) return null
  const methods = endpoints.filter((endpoint) => endpoint.path === pattern).map((endpoint) => endpoint.method)
  return methods.includes('GET') ? [...methods, 'HEAD'] : methods
}
