import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { copyKeptDatabase, keepDatabase, keptDatabases } from './empty-database.ts'
import { ErrorReader, isStorageFailure } from './error-reader.ts'
import type { Backend } from './turn-queue.ts'
import { startup } from './wire-messages.ts'
import { DATABASE, USER } from './wire-server.ts'

export type OpenBackend = Backend & { greeting: Buffer; close: () => Promise<void> }

/**
 * Opens the database of a folder; makes it first where there is none (`findFilesFault` says so before). Only one process
 * may do so at a time.
 */
export async function openBackend(folder: string): Promise<OpenBackend> {
  const files = path.join(folder, 'files')
  if (!existsSync(path.join(files, 'PG_VERSION'))) await createFiles(folder, files)
  const pglite = await PGlite.create(files)
  const errors = new ErrorReader()
  /** Throws once the client has its answer, when the storage failed: the backend is not to be used any more. */
  const execute: Backend['execute'] = async (bytes, onAnswer) => {
    const codes: string[] = []
    const onRawData = (data: Uint8Array) => {
      const answer = Buffer.from(data)
      codes.push(...errors.push(answer))
      onAnswer(answer)
    }
    await pglite.runExclusive(() => pglite.execProtocolRawStream(bytes, { onRawData }))
    const failure = codes.find(isStorageFailure)
    if (failure !== undefined) throw new Error(`The disk of the database is full or failed (${failure}).`)
  }
  const greeting: Buffer[] = []
  await execute(
    startup(new Map(Object.entries({ user: USER, database: DATABASE, client_encoding: 'UTF8' }))),
    (bytes) => greeting.push(bytes),
  )
  return {
    execute,
    isInTransaction: () => pglite.isInTransaction(),
    greeting: Buffer.concat(greeting),
    close: () => pglite.close(),
  }
}

/** A first start that is killed half-way must not leave half a database: it gets its name when it is whole. */
async function createFiles(folder: string, files: string): Promise<void> {
  const unfinished = path.join(folder, 'unfinished')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  const kept = keptDatabases()
  if (!copyKeptDatabase(kept, unfinished)) {
    const pglite = await PGlite.create(unfinished)
    await pglite.close()
    keepDatabase(unfinished, kept)
  }
  renameSync(unfinished, files) // takes the place of an empty folder, and of no other
}
