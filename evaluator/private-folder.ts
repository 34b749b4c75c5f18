import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const NAME = /^second-reader-models-(\d+)-/

/** User and group that own nothing. Children of an evaluator that runs as root become these. */
export const NOBODY = 65_534

/** A new folder for this user and its children alone. Those of evaluators that were killed are cleared away first. */
export function makePrivateFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid)
    if (pid !== process.pid && !isAlive(pid))
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true })
  }
  const folder = mkdtempSync(path.join(tmpdir(), `second-reader-models-${process.pid}-`))
  preparePrivateFolder(folder)
  return folder
}

/** Makes the folder again where the system has cleared it away: systems do so with what was not touched for days. */
export function preparePrivateFolder(folder: string): void {
  mkdirSync(emptyFolder(folder), { recursive: true })
  chmodSync(emptyFolder(folder), 0o555)
  lendToChildren(folder, 0o710)
}

/** Where children stand, so that a relative path leads nowhere. */
export function emptyFolder(folder: string): string {
  return path.join(folder, 'empty')
}

/** Closes a file or folder to all but this user and, where they are another user's, its children. */
export function lendToChildren(file: string, mode: number): void {
  if (process.getuid?.() === 0) {
    try {
      chownSync(file, 0, NOBODY)
    } catch {
      // A container may forbid it: children then find the folder closed to the other user, and stay root.
    }
  }
  chmodSync(file, mode)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process is alive, and its folder is not ours to remove.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
