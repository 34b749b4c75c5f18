/** True when the request says that it has what carries this strong entity tag (RFC 9110, 13.1.2: weak comparison). */
export function hasEntityTag(request: Request, entityTag: string): boolean {
  const given = request.headers.get('if-none-match')
  if (given === null) return false
  return given.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '')
    return tag === '*' || tag === entityTag
  })
}
