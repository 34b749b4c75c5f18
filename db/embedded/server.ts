import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { findFilesFault } from './check-files.ts'
import { claimFolder, findFolderOwner } from './folder-owner.ts'
import { prepareSocketFolder, SOCKET_FILE, socketUrl } from './socket-folder.ts'

// The embedded database: PGlite behind the PostgreSQL wire protocol, in a process of its own because a heavy
// query blocks the process it runs in. `node db/embedded/server.ts <data folder> [<accepted installations>]`; tells
// its parent its address when it is ready, or prints it where there is none.

const EXIT_REFUSED = 3 // told apart by the supervisor: starting it again would not help

async function serve(dataDir: string, accepted: readonly string[]): Promise<void> {
  const folder = path.join(dataDir, 'database')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const claim = claimFolder(dataDir)
  if (claim === null) {
    const owner = findFolderOwner(dataDir)
    console.error(`${dataDir} is in use by process ${owner?.pid ?? 'unknown'}: stop that one first`)
    process.exit(EXIT_REFUSED)
  }
  const fault = findFilesFault(dataDir, accepted)
  if (fault !== null) {
    console.error(fault)
    process.exit(EXIT_REFUSED)
  }
  // Only now: the operator moves a backup to this name, and must not find a folder there.
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const socketFolder = prepareSocketFolder(folder)
  const url = socketUrl(socketFolder)
  claim.announce(url)

  // Only now: a refused start must not wait for the database code to load.
  const { openBackend } = await import('./open-backend.ts')
  const { createWireServer } = await import('./wire-server.ts')
  const backend = await openBackend(folder)
  let stopping = false
  const server = createWireServer(backend, backend.greeting, (error) => {
    if (stopping) return // a client asked a database that had just been closed
    console.error('The database failed and ends itself; what was committed is safe.', error)
    process.exit(1)
  })

  const socket = path.join(socketFolder, SOCKET_FILE)
  rmSync(socket, { force: true }) // left by an owner that was killed
  const stop = async () => {
    if (stopping) return
    stopping = true
    server.close()
    await backend.close()
    rmSync(socketFolder === folder ? socket : socketFolder, { recursive: true, force: true })
    claim.release()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  process.on('disconnect', stop)
  server.listen(socket, () => {
    if (process.send) process.send({ ready: url })
    else console.log(`ready ${url}`)
  })
}

const [dataDir, accepted = ''] = process.argv.slice(2)
if (dataDir === undefined) {
  console.error('Usage: node db/embedded/server.ts <data folder> [<accepted installations>]')
  process.exit(2)
}
await serve(path.resolve(dataDir), accepted.split(','))
