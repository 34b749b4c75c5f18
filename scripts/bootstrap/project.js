import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the checkout. (The first releases of Node 20 have no `import.meta.dirname`.) */
export const PROJECT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..')

/** Node 24, installed as a dependency: the host's may be older. */
export const NODE = path.join(PROJECT, 'node_modules', 'node', 'bin', 'node')

/** For what is started: its modules, read and compiled once for all starts of this checkout. */
export const COMPILED = path.join(PROJECT, 'node_modules', '.cache', 'second-reader', 'compiled')

/** Stops a command with a message for a person instead of a stack. */
export class CannotGoOn extends Error {}

export function isInstalled() {
  return existsSync(NODE)
}
