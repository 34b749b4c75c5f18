import { connect } from 'node:net'

/** Requests as bytes, for what no well-behaved client sends. */
export type RawClient = ReturnType<typeof rawClient>

export function rawClient(url: string) {
  const { host, port } = new URL(url)
  return {
    /** Sends bytes as they are, and gives all that comes back until the connection is closed. */
    send: (text: string | Uint8Array): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1')
        let answer = ''
        socket.on('data', (data) => (answer += String(data)))
        socket.on('error', () => undefined)
        socket.on('close', () => resolve(answer))
        socket.write(text)
      }),
    /** Sends the text and then a byte a second, until the connection is closed. */
    trickle: (text: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(Number(port), '127.0.0.1')
        let answer = ''
        const drip = setInterval(() => socket.write('x'), 1000)
        socket.on('data', (data) => (answer += String(data)))
        socket.on('error', () => undefined)
        socket.on('close', () => {
          clearInterval(drip)
          resolve(answer)
        })
        socket.write(text)
      }),
    /** The head of a request to this service, whose connection is not kept. */
    head: (first: string, ...headers: string[]) =>
      `${[first, `Host: ${host}`, 'Connection: close', ...headers].join('\r\n')}\r\n\r\n`,
  }
}

export const statusOf = (answer: string) => Number(answer.split(' ', 2)[1])

/** The code of the error in an answer's body. */
export const codeOf = (answer: string) => /"code":"(\w+)"/.exec(answer)?.[1]
