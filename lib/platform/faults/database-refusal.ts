const REMEDIES: readonly [RegExp, string][] = [
  [/^28P01$/, 'the server refuses the user or the password: correct them'],
  [/^28000$/, 'the server refuses the user, or this machine as a client: see pg_hba.conf there'],
  [/^3D000$/, 'the server has no such database: create it, or correct the name'],
  [/^42501$/, 'the user may not make tables: give it the database, or CREATE on its schema'],
  [/^25006$/, 'the database takes no writes: name the primary server, not a replica'],
  [/^53300$/, 'the server has no connection left: raise its max_connections, or end other clients'],
  [/^57P03$/, 'the server is starting or stopping: try again'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'the name of the host is not known: correct it'],
  [/^ECONNREFUSED$/, 'no server listens at this host and port: start it, or correct them'],
  [
    /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    'the host does not answer: correct it, or let this machine through',
  ],
  [/^(ECONNRESET|EPIPE)$/, 'the server ended the connection: see its log'],
  [/^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/, certificateRemedy()],
]

/** The driver's own failures carry no code. */
const DRIVER_MESSAGES: readonly [RegExp, string][] = [
  [/does not support SSL/, 'the server takes no TLS: switch it on there, or leave out sslmode'],
  [/client password must be/, 'the server asks for a password: add it as user:password@host'],
  [
    /^timeout expired|^timeout exceeded|^Connection terminated due to connection timeout/,
    'the host does not answer: correct it, or let this machine through',
  ],
  [
    /^Connection terminated unexpectedly|^received invalid response/i,
    'what answers there is no PostgreSQL server, or it ended: correct host and port',
  ],
]

function certificateRemedy(): string {
  return 'the certificate of the server is not trusted: name its authority by sslrootcert=/file, or correct the host'
}

/**
 * Why a database cannot be used, and what to do, as the end of a sentence; null for what is none of the operator's
 * doing. Neither address nor password is in it: the driver's own message may hold both.
 */
export function databaseRefusal(error: unknown): string | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    const remedy = REMEDIES.find(([pattern]) => pattern.test(code))
    if (remedy !== undefined) return `${remedy[1]} (${code})`
    if (code === 'ENOENT' && 'syscall' in cause)
      return cause.syscall === 'connect'
        ? 'there is no socket in this folder: start the server, or correct host'
        : 'a certificate file of the address does not exist: correct sslrootcert, sslcert or sslkey'
    const { message } = cause
    const known = DRIVER_MESSAGES.find(([pattern]) => pattern.test(message))
    if (known !== undefined) return known[1]
  }
  return null
}
