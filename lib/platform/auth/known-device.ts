import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Settings } from '#lib/platform/env/env.ts'
import { serviceSecret } from './service-secret.ts'

/** Half a year without signing in: the device is a stranger again. */
const REMEMBERED_SECONDS = 180 * 24 * 3600
/** People who share a workstation; the one who has not signed in for longest is dropped. */
const MAX_ENTRIES = 16

type CookieSettings = Pick<Settings, 'secret' | 'baseUrl'>
/** Whom a device knows. With another password the device is a stranger: a thief of the old one may have it. */
type KnownAccount = { userId: string; passwordHash: string }

/** Like the session's: the port keeps two instances on one machine apart. */
export function deviceCookieName(baseUrl: string): string {
  const url = new URL(baseUrl)
  return url.protocol === 'https:'
    ? '__Host-second-reader.device'
    : `second-reader-${url.port || '80'}.device`
}

/** What the cookie says: one `<random>.<signature>` for each account that signed in here. Not checked yet. */
export function readDeviceEntries(headers: Headers, { baseUrl }: Pick<Settings, 'baseUrl'>): string[] {
  const prefix = `${deviceCookieName(baseUrl)}=`
  const cookies = (headers.get('cookie') ?? '').split(';').map((part) => part.trim())
  const value = cookies.find((part) => part.startsWith(prefix))?.slice(prefix.length) ?? ''
  return value
    .split('~')
    .filter((entry) => /^[\w-]{16}\.[\w-]{43}$/.test(entry))
    .slice(0, MAX_ENTRIES)
}

/** The device's random id under which this account signed in on it before; null for a stranger. */
export function findKnownDevice(
  entries: readonly string[],
  account: KnownAccount,
  settings: CookieSettings,
): string | null {
  const known = entries.find((entry) => {
    const [id = '', signature = ''] = entry.split('.')
    return timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(id, account, settings)))
  })
  return known?.split('.')[0] ?? null
}

/** The `Set-Cookie` by which the device is known to this account from now on, and still to the others. */
export function knownDeviceSetCookie(
  entries: readonly string[],
  account: KnownAccount,
  settings: CookieSettings,
): string {
  const id = findKnownDevice(entries, account, settings) ?? randomBytes(12).toString('base64url')
  const own = `${id}.${signatureOf(id, account, settings)}`
  const value = [own, ...entries.filter((entry) => entry !== own)].slice(0, MAX_ENTRIES).join('~')
  const secure = settings.baseUrl.startsWith('https:') ? '; Secure' : ''
  const name = deviceCookieName(settings.baseUrl)
  return `${name}=${value}; Max-Age=${REMEMBERED_SECONDS}; Path=/; HttpOnly; SameSite=Lax${secure}`
}

function signatureOf(id: string, { userId, passwordHash }: KnownAccount, settings: CookieSettings): string {
  return createHmac('sha256', serviceSecret(settings))
    .update(JSON.stringify(['known device', id, userId, passwordHash]))
    .digest('base64url')
}
