import { randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { CannotGoOn } from './project.js'

/** Makes the data folder, readable for this user alone, or says why it cannot be used. */
export function prepareDataFolder(dataDir) {
  try {
    makeFolder(dataDir)
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    const probe = path.join(dataDir, `.probe-${process.pid}`)
    writeFileSync(probe, '') // a read-only mount passes the check above for root
    rmSync(probe)
    // The default places of the object store and of datasets: elsewhere a missing folder is a fault, not made.
    for (const name of ['objects', 'datasets']) makeFolder(path.join(dataDir, name))
  } catch (error) {
    throw new CannotGoOn(`DATA_DIR ${dataDir} cannot be used: ${reason(error)}`)
  }
}

/** Node's own recursive mkdir never returns where an existing folder takes no entries (as /proc). */
function makeFolder(folder) {
  if (existsSync(folder) && statSync(folder).isDirectory()) return
  const parent = path.dirname(folder)
  if (!existsSync(parent)) makeFolder(parent)
  mkdirSync(folder, { mode: 0o700 })
}

function reason(error) {
  const known = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'it is on a read-only file system',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'it is a file, not a folder',
    ENOSPC: 'the disk is full',
    ENOENT: 'it cannot be created',
  }
  return known[error.code] ?? error.message
}

/** A secret of this installation: made once, kept for its owner's eyes. */
export function keepSecret(dataDir, name) {
  const file = path.join(dataDir, name)
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, randomBytes(32).toString('hex'), { mode: 0o600 })
  try {
    linkSync(fresh, file) // whole or not at all, and the first of two wins
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  } finally {
    rmSync(fresh)
  }
  return readFileSync(file, 'utf8')
}
