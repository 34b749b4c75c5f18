import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import path from 'node:path'

// Making an empty database takes seconds of processor time, copying one hardly any: a checkout keeps the first.

const MODULES = path.join(import.meta.dirname, '..', '..', 'node_modules')

/** Where this checkout keeps it; the library's version says which files it makes. */
export function keptDatabases(): string {
  const manifest = path.join(MODULES, '@electric-sql', 'pglite', 'package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return path.join(MODULES, '.cache', 'second-reader', `empty-database-${version}`)
}

/**
 * Puts the empty database that is kept into a folder. False where none is, or where it is not as it was kept (a power
 * cut, a full disk): the folder is then empty.
 */
export function copyKeptDatabase(kept: string, folder: string): boolean {
  try {
    const [digest] = readdirSync(kept)
    if (digest === undefined) return false
    cpSync(path.join(kept, digest), folder, { recursive: true })
    if (digestOf(folder) === digest) return true
    rmSync(kept, { recursive: true, force: true })
  } catch {} // none is kept, or it is another user's
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { mode: 0o700 })
  return false
}

/** Keeps a copy of an empty database, if this user may write there and none is kept yet. */
export function keepDatabase(folder: string, kept: string): void {
  const unfinished = `${kept}.${process.pid}`
  try {
    if (existsSync(kept)) return
    mkdirSync(path.dirname(kept), { recursive: true })
    cpSync(folder, path.join(unfinished, digestOf(folder)), { recursive: true })
    renameSync(unfinished, kept) // whole or not at all, and the first of two wins
  } catch {
    rmSync(unfinished, { recursive: true, force: true }) // the next start takes its time again
  }
}

function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()) {
    const bytes = readFileSync(path.join(folder, name))
    hash.update(`${name}\0${bytes.length}\0`).update(bytes)
  }
  return hash.digest('hex')
}
