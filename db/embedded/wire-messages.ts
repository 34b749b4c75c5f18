/** The few PostgreSQL wire messages that the embedded server writes itself. */

export type StartupParameters = ReadonlyMap<string, string>

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 0, 'latin1')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export function query(sql: string): Buffer {
  return message('Q', Buffer.from(`${sql}\0`))
}

export function sync(): Buffer {
  return message('S', Buffer.alloc(0))
}

export function copyFail(reason: string): Buffer {
  return message('f', Buffer.from(`${reason}\0`))
}

/** After a fatal error the client takes the connection as closed. */
export function fatalError(sqlState: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${text}\0\0`))
}

export function startup(parameters: StartupParameters): Buffer {
  const pairs = [...parameters].map(([name, value]) => `${name}\0${value}\0`).join('')
  const body = Buffer.from(`\0\0\0\0\0\x03\0\0${pairs}\0`)
  body.writeInt32BE(body.length, 0)
  return body
}

export function parseStartup(packet: Buffer): StartupParameters {
  const fields = packet.toString('utf8', 8).split('\0')
  const parameters = new Map<string, string>()
  for (let i = 0; i + 1 < fields.length && fields[i] !== ''; i += 2) {
    parameters.set(fields[i] ?? '', fields[i + 1] ?? '')
  }
  return parameters
}
