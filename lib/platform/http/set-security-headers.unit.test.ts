import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { setSecurityHeaders } from './set-security-headers.ts'

function headersFor(baseUrl: string) {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  setSecurityHeaders(response, { baseUrl })
  return response.getHeaders()
}

describe('what only TLS gives effect to', () => {
  it.each(['http://reader.intranet.example:3000', 'http://10.1.2.3', 'http://127.0.0.1:3000'])(
    'is left out for %s, where browsers log it as an error',
    (baseUrl) => {
      const headers = headersFor(baseUrl)
      expect(headers).not.toHaveProperty('cross-origin-opener-policy')
      expect(headers).not.toHaveProperty('strict-transport-security')
      expect(headers['x-frame-options']).toBe('DENY')
    },
  )

  it('is sent for an address with TLS', () => {
    expect(headersFor('https://reader.hospital.example')).toMatchObject({
      'cross-origin-opener-policy': 'same-origin',
      'strict-transport-security': 'max-age=31536000',
    })
  })
})
