import { readdirSync, readFileSync } from 'node:fs'
import { emptyFolder, NOBODY, preparePrivateFolder } from './private-folder.ts'

/**
 * Takes from an inference child what it does not need: it stands in an empty folder, and as root it becomes a user that
 * may read the models and the program, but neither secrets nor data. The runtime is native code that Node cannot confine.
 */
export function confineChild(privateFolder: string): void {
  preparePrivateFolder(privateFolder)
  process.chdir(emptyFolder(privateFolder))
  if (process.getuid?.() !== 0) return
  const groups = process.getgroups?.() ?? []
  try {
    process.setgroups?.([NOBODY])
    process.setegid?.(NOBODY)
    process.seteuid?.(NOBODY)
    requireAccess(privateFolder)
    process.seteuid?.(0)
    process.setgid?.(NOBODY)
    process.setuid?.(NOBODY)
  } catch (error) {
    // A container may allow no other user, and a checkout may be closed to it: better this child than none.
    undo(() => process.seteuid?.(0))
    undo(() => process.setegid?.(0))
    undo(() => process.setgroups?.(groups))
    process.stderr.write(`worker: stays root: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

/** What was never allowed was never changed either. */
function undo(step: () => void): void {
  try {
    step()
  } catch {}
}

/** Throws where this program or the models could not be read. */
function requireAccess(privateFolder: string): void {
  readFileSync(import.meta.filename)
  readdirSync(emptyFolder(privateFolder))
}
