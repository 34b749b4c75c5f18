const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/

/**
 * The name and the port of a `Host` header, in lower case; null for what is no host. By a pattern: a parser of
 * addresses takes `evil@localhost` and `localhost#evil` for localhost.
 */
export function parseHostHeader(
  header: string | undefined,
): { name: string; port: number | undefined } | null {
  const [, name, port] = HOST.exec(header?.toLowerCase() ?? '') ?? []
  return name === undefined ? null : { name, port: port === undefined ? undefined : Number(port) }
}
