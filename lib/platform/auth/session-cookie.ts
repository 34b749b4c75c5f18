import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Settings } from '#lib/platform/env/env.ts'
import { serviceSecret } from './service-secret.ts'

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

/** The session's `Set-Cookie`, as better-auth writes it at a sign-in by password. */
export function sessionSetCookie(
  token: string,
  options: { secret: string; baseUrl: string; maxAgeSeconds: number },
): string {
  const value = encodeURIComponent(`${token}.${signatureOf(token, options.secret)}`)
  const secure = options.baseUrl.startsWith('https:') ? '; Secure' : ''
  const name = sessionCookieName(options.baseUrl)
  return `${name}=${value}; Max-Age=${options.maxAgeSeconds}; Path=/; HttpOnly; SameSite=Lax${secure}`
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
  const wanted = Buffer.from(signatureOf(token, options.secret))
  return token !== '' && given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null
}

/** The session token of a request, or null. */
export function requestSessionToken(
  headers: Headers,
  settings: Pick<Settings, 'secret' | 'baseUrl'>,
): string | null {
  const { baseUrl } = settings
  return readSessionToken(headers.get('cookie'), { secret: serviceSecret(settings), baseUrl })
}

function signatureOf(token: string, secret: string): string {
  return createHmac('sha256', secret).update(token).digest('base64')
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
