/**
 * True when the `Host` header names this service: against DNS rebinding, where a hostile page's own name resolves
 * to our address. Names of the loopback interface are always ours when we are bound to it.
 */
export function isAllowedHost(
  header: string | undefined,
  settings: { host: string; baseUrl: string; allowedHosts: readonly string[] },
): boolean {
  if (header === undefined) return false
  let name: string
  try {
    name = new URL(`http://${header}`).hostname
  } catch {
    return false
  }
  const own = new URL(settings.baseUrl).hostname
  return (
    name === own ||
    settings.allowedHosts.includes(name) ||
    name === settings.host ||
    name === `[${settings.host}]` ||
    ['localhost', '127.0.0.1', '[::1]'].includes(name)
  )
}
