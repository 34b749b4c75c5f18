import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { addressGroup, CLIENT_ADDRESS_HEADER, proxiesOf, stateClientAddress } from './client-address.ts'

function clientOf(
  remoteAddress: string | undefined,
  headers: Record<string, string>,
  proxies: string[] = [],
) {
  const request = { socket: { remoteAddress }, headers: { ...headers } } as unknown as IncomingMessage
  stateClientAddress(request, proxiesOf(proxies))
  return request.headers[CLIENT_ADDRESS_HEADER]
}
const forwarded = (text: string) => ({ 'x-forwarded-for': text })

describe('the client’s address', () => {
  it('is the other end of the connection, whatever the client claims', () => {
    expect(clientOf('192.0.2.7', forwarded('203.0.113.9'))).toBe('192.0.2.7')
    expect(clientOf('192.0.2.7', { [CLIENT_ADDRESS_HEADER]: '203.0.113.9' })).toBe('192.0.2.7')
    expect(clientOf('::ffff:192.0.2.7', {})).toBe('192.0.2.7')
  })
  it('is none where the connection has gone, not what the client claims', () => {
    expect(clientOf(undefined, { [CLIENT_ADDRESS_HEADER]: '203.0.113.9' })).toBeUndefined()
  })
  it.each([
    ['by one proxy', '203.0.113.9', '203.0.113.9'],
    ['by two, the nearer one in a subnet', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
    ['with an address of the client’s own invention', '8.8.8.8, 203.0.113.9', '203.0.113.9'],
    ['with ports', '203.0.113.9:4711', '203.0.113.9'],
    ['as IPv6', '[2001:DB8::1]:443', '2001:db8::1'],
    ['as nonsense: the proxy stands for it', 'unknown', '127.0.0.1'],
    ['as nothing: the proxy stands for it', '', '127.0.0.1'],
  ])('is what trusted proxies say %s', (_what, text, client) => {
    expect(clientOf('127.0.0.1', forwarded(text), ['127.0.0.1', '10.0.0.0/8', '::1'])).toBe(client)
  })
})

describe('a group of addresses', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['localhost', null],
    ['', null],
  ])('of %s is %s', (address, group) => {
    expect(addressGroup(address)).toBe(group)
  })
})
