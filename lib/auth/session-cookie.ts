import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Browsers keep cookies per host and share them between ports: the port in the name keeps two instances on one
 * machine apart. Over https `__Host-` ties the cookie to this very host.
 */
export function sessionCookieName(baseUrl: string): string {
  const url = new URL(baseUrl)
  return url.protocol === 'https:'
    ? '__Host-second-reader.session'
    : `second-reader-${url.port || '80'}.session`
}

/** The session token of a `Cookie` header whose signature (better-auth's: HMAC-SHA-256, base64) is right, or null. */
export function readSessionToken(
  header: string | null,
  options: { secret: string; baseUrl: string },
): string | null {
  const prefix = `${sessionCookieName(options.baseUrl)}=`
  const cookie = (header ?? '').split(';').map((part) => part.trim())
  const raw = cookie.find((part) => part.startsWith(prefix))?.slice(prefix.length)
  const value = raw === undefined ? null : decoded(raw)
  if (value === null) return null
  const dot = value.lastIndexOf('.')
  const token = value.slice(0, Math.max(0, dot))
  const given = Buffer.from(value.slice(dot + 1))
  const wanted = Buffer.from(createHmac('sha256', options.secret).update(token).digest('base64'))
  return token !== '' && given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
