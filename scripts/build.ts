import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { takeMutex } from '#db/embedded/kernel-mutex.ts'

// Builds the web pages when their sources changed since the last build; all instances of a checkout share it.

const PROJECT = path.join(import.meta.dirname, '..')
const FINGERPRINT = path.join(PROJECT, '.next', 'source-fingerprint')
const SOURCES = [
  '{app,lib,db,public}/**/*',
  'next.config.ts',
  'postcss.config.*',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]
const LONGEST_BUILD_MS = 15 * 60_000

function fingerprint(): string {
  const hash = createHash('sha256')
  const files = globSync(SOURCES, { cwd: PROJECT, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
  for (const file of files) {
    hash.update(`${path.relative(PROJECT, file)}\0`)
    hash.update(createHash('sha256').update(readFileSync(file)).digest())
  }
  return hash.digest('hex')
}

function isCurrent(wanted: string): boolean {
  return existsSync(FINGERPRINT) && readFileSync(FINGERPRINT, 'utf8') === wanted
}

function build(): void {
  const wanted = fingerprint()
  if (isCurrent(wanted)) return // another instance has built meanwhile
  rmSync(FINGERPRINT, { force: true }) // a build that is killed half-way is not taken for a whole one
  const next = path.join(PROJECT, 'node_modules', 'next', 'dist', 'bin', 'next')
  const made = spawnSync(process.execPath, [next, 'build'], {
    cwd: PROJECT,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (made.status !== 0) process.exit(made.status ?? 1)
  writeFileSync(FINGERPRINT, wanted)
}

function buildAlone(): void {
  const cache = path.join(PROJECT, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const release = takeMutex(path.join(cache, 'build.mutex'), LONGEST_BUILD_MS)
  if (release === null) {
    console.error('Another build of this checkout has not come to an end.')
    process.exit(1)
  }
  build()
  release()
}

// A checkout that is built needs no lock, and may be read-only.
if (!isCurrent(fingerprint())) buildAlone()
