const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify']

const UNESCAPED =
  'cannot be read as an address: in user and password write @ as %40, # as %23, / as %2F, : as %3A, ? as %3F, % as %25'

/**
 * What is wrong with the address of a PostgreSQL server, or null. The driver takes a part of a password that is not
 * escaped for the host, and an unknown `sslmode` for none: both would show far from here.
 */
export function findDatabaseAddressFault(address: string): string | null {
  const [, rest] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(address) ?? []
  if (rest === undefined) return 'is not an address that starts with postgresql://'
  const [place = '', query] = rest.split('?', 2)
  const [authority = '', ...path] = place.split('/')
  // A `/` or `?` that is not escaped leaves the @ of the host behind it, or a query that is none.
  const isLoose =
    /#|%(?![0-9a-f]{2})/i.test(rest) ||
    authority.split('@').length > 2 ||
    path.join('/').includes('@') ||
    (query ?? 'a=b').split('&').some((part) => !part.includes('='))
  if (isLoose || !URL.canParse(address)) return UNESCAPED
  const mode = new URL(address).searchParams.get('sslmode')
  if (mode !== null && !SSL_MODES.includes(mode))
    return `has an sslmode that is none of ${SSL_MODES.join(', ')}`
  return null
}
