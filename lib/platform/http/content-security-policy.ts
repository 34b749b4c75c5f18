import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Where no page is served: what is shown by itself may load nothing and run nothing, whatever it claims to be. */
const DATA_PATH = /^\/(?:api|predict|metrics|health)(?:[/?]|$)/

/**
 * Lets a page run only the scripts that carry this reply's nonce. The framework finds the nonce in the request's own
 * policy header, pages in `x-nonce`; both are set here, whatever a client sent. Styles may be inline: components
 * compute widths and colours, and no style can run anything.
 */
export function setContentSecurityPolicy(request: IncomingMessage, response: ServerResponse): void {
  if (DATA_PATH.test(request.url ?? '/')) {
    response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox")
    return
  }
  const nonce = randomBytes(16).toString('base64')
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  request.headers['x-nonce'] = nonce
  request.headers['content-security-policy'] = policy
  request.headers['x-page-address'] = request.url ?? '/'
  response.setHeader('Content-Security-Policy', policy)
}
