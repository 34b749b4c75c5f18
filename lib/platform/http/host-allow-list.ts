import { parseHostHeader } from './host-header.ts'

/**
 * True when the `Host` header names this service: against DNS rebinding, where a hostile page's own name resolves
 * to our address. Names of the loopback interface are always ours when we are bound to it.
 */
export function isAllowedHost(
  header: string | undefined,
  settings: { host: string; baseUrl: string; allowedHosts: readonly string[] },
): boolean {
  const name = parseHostHeader(header)?.name
  const host = settings.host.toLowerCase()
  const own = [new URL(settings.baseUrl).hostname, host, `[${host}]`, 'localhost', '127.0.0.1', '[::1]']
  return name !== undefined && (own.includes(name) || settings.allowedHosts.includes(name))
}
