import { createServer, type Server, type Socket } from 'node:net'
import { MessageReader } from './message-reader.ts'
import { type Backend, TurnQueue } from './turn-queue.ts'
import { fatalError, query, type StartupParameters, sync } from './wire-messages.ts'

export const USER = 'postgres'
export const DATABASE = 'postgres'

const MAX_CONNECTIONS = 100 // as PostgreSQL's own default
const IDLE_IN_TRANSACTION_MS = 60_000 // everyone else waits meanwhile; transactions here take milliseconds
const FAREWELL_MS = 1_000 // in which a client may still read why it was ended

/**
 * Speaks PostgreSQL's wire protocol on a unix socket in front of one backend. Written here because
 * pglite-socket 0.2.17 sends the parts of one query separately: with parameters above 64 KB another
 * connection's statement came in between, and 68 of 400 answers were another query's.
 */
export function createWireServer(
  backend: Backend,
  greeting: Buffer,
  onFailure: (error: unknown) => void,
): Server {
  let idleTimer: NodeJS.Timeout | undefined
  const queue = new TurnQueue<Socket>(backend, {
    failure: onFailure,
    hold: (socket) => {
      clearTimeout(idleTimer)
      if (socket !== null) idleTimer = setTimeout(() => endIdleTransaction(socket), IDLE_IN_TRANSACTION_MS)
    },
  })
  const server = createServer((socket) => serveConnection(socket, greeting, queue))
  server.maxConnections = MAX_CONNECTIONS
  server.on('close', () => clearTimeout(idleTimer))
  return server
}

function endIdleTransaction(socket: Socket): void {
  socket.end(fatalError('25P03', 'terminating connection due to idle-in-transaction timeout'))
  socket.destroySoon()
  setTimeout(() => socket.destroy(), FAREWELL_MS) // also where the client no longer reads
}

function serveConnection(socket: Socket, greeting: Buffer, queue: TurnQueue<Socket>): void {
  const reader = new MessageReader()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => queue.leave(socket, Buffer.concat([sync(), query('rollback')])))
  socket.on('data', (chunk) => {
    try {
      for (const request of reader.push(chunk)) {
        if (request.kind === 'encryption') socket.write('N')
        else if (request.kind === 'startup') greet(socket, request.parameters, greeting)
        else if (request.kind === 'turn') {
          queue.add({ client: socket, ...request, onAnswer: (answer) => void socket.write(answer) })
        } else socket.end() // a cancel request has nothing to interrupt: one backend, one statement at a time
      }
    } catch {
      socket.destroy()
    }
  })
}

/** Every client gets the same greeting: a wrong user must never reach the backend, which would end itself. */
function greet(socket: Socket, parameters: StartupParameters, greeting: Buffer): void {
  const user = parameters.get('user') ?? ''
  const database = parameters.get('database') ?? user
  if (user !== USER) socket.end(fatalError('28000', `role "${user}" does not exist`))
  else if (database !== DATABASE) socket.end(fatalError('3D000', `database "${database}" does not exist`))
  else socket.write(greeting)
}
