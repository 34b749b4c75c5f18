import { createHash, timingSafeEqual } from 'node:crypto'

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * True when the `Host` header names this service: a hostile page can make its own name resolve to our address
 * (DNS rebinding), but the browser still sends that name.
 */
export function isOwnHost(
  header: string | undefined,
  own: { names: readonly string[]; port: number },
): boolean {
  if (header === undefined || !URL.canParse(`http://${header}`)) return false
  const url = new URL(`http://${header}`)
  if (url.host !== header.toLowerCase() && `${url.host}:80` !== header.toLowerCase()) return false
  const names = [...LOOPBACK_NAMES, ...own.names.map((name) => (name.includes(':') ? `[${name}]` : name))]
  return names.includes(url.hostname) && (url.port === '' || Number(url.port) === own.port)
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
