const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

const UNESCAPED =
  'cannot be read as an address: in user and password write @ as %40, # as %23, / as %2F, : as %3A, ? as %3F, % as %25'

/** What is wrong with the address of a PostgreSQL server, or null. Takes what the driver reads as it is meant. */
export function findDatabaseAddressFault(address: string): string | null {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(address) ?? []
  if (rest === undefined) return 'is not an address that starts with postgresql://'
  if (isMisread(rest)) return UNESCAPED
  const url = parse(address)
  if (url === null || !isDecodable(url.username) || !isDecodable(url.password)) return UNESCAPED
  if (url.hostname.includes(',')) return 'names several hosts, and the driver takes one'
  return findTlsFault(url.searchParams)
}

/** Whether the driver takes a part of the password for something else. An @ alone does no harm: the last one counts. */
function isMisread(rest: string): boolean {
  const [place = '', query] = rest.split(/\?(.*)/s, 2)
  const [authority = '', ...path] = place.split('/')
  const hasUser = authority.includes('@')
  // Behind a `/` that is not escaped comes the @ of the host; a database's own name may have one.
  const isPathOfHost = path.join('/').includes('@') && (!hasUser || path.length > 1)
  const isQueryOfHost = query !== undefined && path.length === 0 && query.includes('@')
  const isQuery = (query ?? 'a=b').split('&').every((part) => part.includes('='))
  return rest.includes('#') || isPathOfHost || isQueryOfHost || !isQuery || hasMixedEscapes(rest)
}

/** The driver escapes what has a blank or a lone % once more, and undoes only escapes of two digits. */
function hasMixedEscapes(rest: string): boolean {
  const isEscapedAgain = / |%(?![0-9a-f]{2})/i.test(rest)
  return isEscapedAgain && /%(?!\d\d)[0-9a-f]{2}/i.test(rest)
}

/** As the driver does it: an address of a socket has a user and no host. */
function parse(address: string): URL | null {
  return URL.parse(address) ?? URL.parse(address.replace('@/', '@socket/'))
}

function isDecodable(part: string): boolean {
  try {
    // The driver escapes a lone % first.
    decodeURIComponent(part.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    return true
  } catch {
    return false
  }
}

function findTlsFault(query: URLSearchParams): string | null {
  const mode = query.getAll('sslmode').at(-1)
  if (mode === undefined) return null
  if (mode === 'allow')
    return 'has sslmode=allow, which the driver does not have: write disable for no TLS, require or prefer for TLS with a checked certificate, no-verify for TLS without the check'
  if (!SSL_MODES.includes(mode)) return `has an sslmode that is none of ${SSL_MODES.join(', ')}`
  const isLibpq = query.getAll('uselibpqcompat').at(-1) === 'true'
  if (mode === 'verify-ca' && isLibpq && !query.has('sslrootcert'))
    return 'has sslmode=verify-ca as libpq means it: add sslrootcert=/file, or write verify-full'
  return null
}
