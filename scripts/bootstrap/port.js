import { createServer } from 'node:net'
import { CannotGoOn } from './project.js'

/** The port if no program listens on it, a free one for 0; otherwise the end of the start. */
export function claimPort(setting, host, port) {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error) => reject(new CannotGoOn(refusal(setting, host, port, error))))
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}

function refusal(setting, host, port, error) {
  if (error.code === 'EADDRINUSE') return `${setting}: port ${port} of ${host} is in use by another program`
  if (error.code === 'EACCES') return `${setting}: this user may not listen on port ${port}`
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return `HOST: ${host} is not this machine's`
  return `${setting}: cannot listen on ${host}:${port}: ${error.message}`
}
