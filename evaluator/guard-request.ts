import { createHash, timingSafeEqual } from 'node:crypto'
import { parseHostHeader } from '#lib/platform/http/host-header.ts'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * True when the `Host` header names this service: a hostile page can make its own name resolve to our address
 * (DNS rebinding), but the browser still sends that name. `names` may state a port where a proxy has another.
 */
export function isOwnHost(
  header: string | undefined,
  own: { names: readonly string[]; port: number },
): boolean {
  const host = parseHostHeader(header)
  if (host === null) return false
  const { name, port } = host
  const names = [...LOOPBACK_NAMES, ...own.names.map((each) => each.toLowerCase())]
  if (port !== undefined && names.includes(`${name}:${port}`)) return true
  return (
    (port === undefined || port === own.port) && (names.includes(name) || names.includes(name.slice(1, -1)))
  )
}

/** Whether `Authorization: Bearer …` holds one of the tokens, in a time that tells nothing about them. */
export function hasToken(header: string | undefined, tokens: readonly string[]): boolean {
  const given = digest(header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : '')
  // Every token is compared, whichever matches first.
  return tokens.map((token) => timingSafeEqual(digest(token), given)).includes(true)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
