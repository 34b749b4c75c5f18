import { describe, expect, it } from 'vitest'
import { requireNoForeignPage, requireSameOrigin } from './same-origin.ts'

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

describe('a call without credentials that changes something', () => {
  const call = (headers: Record<string, string>) => () => requireNoForeignPage(new Headers(headers), settings)
  it.each<Record<string, string>>([
    {},
    { origin: 'https://reader.example:8443' },
    { origin: 'https://reader.intranet:8443', 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ])('is taken from a program or a page of ours: %j', (headers) => {
    expect(call(headers)).not.toThrow()
  })
  it.each<Record<string, string>>([
    { origin: 'http://evil.test' },
    { origin: 'null' },
    { origin: '' },
    { origin: 'https://reader.example:8080' },
    { origin: 'https://reader.example.evil.test' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.test', 'sec-fetch-site': 'same-origin' },
  ])('is not taken from a page of another site: %j', (headers) => {
    expect(call(headers)).toThrow('another site')
  })
})
