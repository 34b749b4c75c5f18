import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const NAME = /^second-reader-models-(\d+)-/

/** A new folder that only this user can read. Those of evaluators that were killed are cleared away first. */
export function makePrivateFolder(): string {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(NAME.exec(name)?.[1] ?? process.pid)
    if (pid !== process.pid && !isAlive(pid))
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true })
  }
  return mkdtempSync(path.join(tmpdir(), `second-reader-models-${process.pid}-`))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Another user's process is alive, and its folder is not ours to remove.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
