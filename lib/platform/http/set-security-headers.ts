import type { ServerResponse } from 'node:http'

/** On every reply, page or API: no other site frames, opens or sniffs what is ours. A route may say more. */
export function setSecurityHeaders(response: ServerResponse, settings: { baseUrl: string }): void {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()')
  if (!settings.baseUrl.startsWith('https:')) return
  response.setHeader('Strict-Transport-Security', 'max-age=31536000')
  // Without TLS browsers ignore it, and log an error on every page.
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
}
