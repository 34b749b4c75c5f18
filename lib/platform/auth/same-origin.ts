import { ServiceError } from '#lib/platform/errors.ts'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

type OwnNames = { baseUrl: string; allowedHosts: readonly string[] }

/** Where our own pages come from; on loopback, a person may have typed any of its names. */
export function ownOrigins({ baseUrl, allowedHosts }: OwnNames): string[] {
  const url = new URL(baseUrl)
  const port = url.port === '' ? '' : `:${url.port}`
  const own = LOOPBACK_NAMES.includes(url.hostname) ? LOOPBACK_NAMES : [url.hostname]
  return [...own, ...allowedHosts].map((name) => `${url.protocol}//${name}${port}`)
}

/**
 * Against forged requests: a browser adds the session cookie to whatever another site's page sends, but not that
 * page's right `Origin`. Refused unless the origin is ours, or, where a browser sends none, `Sec-Fetch-Site` is.
 */
export function requireSameOrigin(headers: Headers, settings: OwnNames): void {
  const origin = headers.get('origin')
  const same =
    origin === null ? headers.get('sec-fetch-site') === 'same-origin' : ownOrigins(settings).includes(origin)
  if (!same)
    throw new ServiceError(
      'FORBIDDEN',
      'This request does not come from a page of this service (see BASE_URL and ALLOWED_HOSTS).',
      {
        code: 'CROSS_ORIGIN',
      },
    )
}

/**
 * Open to programs, which send neither header, and not to whatever page of another site a person of this machine looks
 * at. Over plain http browsers send no `Sec-Fetch-Site`, but an `Origin` where a script asks.
 */
export function requireNoForeignPage(headers: Headers, settings: OwnNames): void {
  const origin = headers.get('origin')
  const foreign = origin !== null && !ownOrigins(settings).includes(origin)
  if (foreign || ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? ''))
    throw new ServiceError('FORBIDDEN', 'A page of another site cannot do this.', { code: 'CROSS_ORIGIN' })
}
