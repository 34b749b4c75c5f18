import { describe, expect, it } from 'vitest'
import { requireSameOrigin } from './same-origin.ts'

const settings = { baseUrl: 'https://reader.example:8443', allowedHosts: ['reader.intranet', '10.0.0.7'] }
const ask = (headers: Record<string, string>) => () => requireSameOrigin(new Headers(headers), settings)

describe('a request with a session cookie', () => {
  it.each([
    { origin: 'https://reader.example:8443' },
    { origin: 'https://reader.intranet:8443' },
    { origin: 'https://10.0.0.7:8443' },
    { 'sec-fetch-site': 'same-origin' },
  ])('is let in with %j', (headers) => {
    expect(ask(headers)).not.toThrow()
  })

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'http://reader.intranet:8443' },
    { origin: 'https://reader.intranet' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
    {},
  ])('is refused with %j', (headers) => {
    expect(ask(headers as Record<string, string>)).toThrow(expect.objectContaining({ code: 'CROSS_ORIGIN' }))
  })
})
