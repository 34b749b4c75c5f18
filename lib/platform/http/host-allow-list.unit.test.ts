import { describe, expect, it } from 'vitest'
import { isAllowedHost } from './host-allow-list.ts'

const settings = {
  host: '0.0.0.0',
  baseUrl: 'https://reader.hospital.example',
  allowedHosts: ['reader.intranet', '10.0.0.7'],
}

describe('isAllowedHost', () => {
  it.each([
    'reader.hospital.example',
    'reader.intranet',
    'READER.intranet:8443',
    '10.0.0.7',
    'localhost:3000',
    '127.0.0.1:3000',
    '[::1]:3000',
  ])('lets %s in', (host) => {
    expect(isAllowedHost(host, settings)).toBe(true)
  })
  it.each([
    undefined,
    '',
    'evil.test',
    'reader.hospital.example.evil.test',
    'evil.test:3000',
    'a b',
    '@evil.test',
    'evil@reader.hospital.example',
    'evil.test:80@reader.hospital.example',
    'reader.hospital.example#evil.test',
    'reader.hospital.example/evil',
    'reader.hospital.example?x',
    'reader.hospital.example\\evil',
    'reader.hospital.example:port',
    'reader%2ehospital.example',
    'ｒeader.hospital.example',
    '2130706433',
    '0x7f000001',
    '127.1',
  ])('keeps %s out', (host) => {
    expect(isAllowedHost(host, settings)).toBe(false)
  })
})
