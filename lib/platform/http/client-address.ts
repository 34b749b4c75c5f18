import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** How web's server tells its routes who asks. What a client sends under this name never reaches them. */
export const CLIENT_ADDRESS_HEADER = 'x-second-reader-client-address'

/** The proxies of `TRUSTED_PROXY`: addresses and subnets. */
export function proxiesOf(list: readonly string[]): BlockList {
  const proxies = new BlockList()
  for (const text of list) {
    const [address = '', length] = text.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (length === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(length), family)
  }
  return proxies
}

/**
 * Puts the client's address into the request's headers: the other end of the connection, or, where that is a trusted
 * proxy, the nearest address of `X-Forwarded-For` that is none. Any other client's `X-Forwarded-For` says nothing.
 */
export function stateClientAddress(request: IncomingMessage, proxies: BlockList): void {
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',')
  let client = plainAddress(request.socket.remoteAddress ?? '')
  while (client !== null && proxies.check(client, isIPv6(client) ? 'ipv6' : 'ipv4')) {
    const before = plainAddress((forwarded.pop() ?? '').trim())
    if (before === null) break // the proxy said nothing that is an address: it is the last we know
    client = before
  }
  delete request.headers[CLIENT_ADDRESS_HEADER]
  if (client !== null) request.headers[CLIENT_ADDRESS_HEADER] = client
}

/**
 * Whom limits count: an IPv4 address, or the /64 of an IPv6 address, of which one household or server has 2^64.
 * Null for what is no address.
 */
export function addressGroup(text: string): string | null {
  const address = plainAddress(text)
  if (address === null || !isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter((part) => part !== '')
  const after = (tail ?? '').split(':').filter((part) => part !== '')
  const zeros = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

/** One spelling for each address: no port, no zone, lower case, and IPv4 for IPv4 written as IPv6. */
function plainAddress(text: string): string | null {
  const bare = /^\[(.*)\](:\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text
  const [address = ''] = bare.split('%', 1)
  if (isIP(address) === 0) return null
  if (!isIPv6(address)) return address
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (mapped === null) return canonical
  const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
