import { FolderProcess } from './folder-process.ts'
import type { ResolvedFolder } from './resolve-folder.ts'

/** Folders whose state is remembered; those asked for longest ago are forgotten first. */
const KEPT = 64
/** Children of 80 MB that have nothing to do now: those asked for last. Looking at a gallery asks again soon. */
const MAX_IDLE_CHILDREN = 4

/** The bundler and plain Node load this module once each; both must share the processes. */
const holder = globalThis as { secondReaderFolders?: Map<string, FolderProcess> }

/** The process that reads a folder for all of this one; its child is started by the first call. */
export function folderProcess(folder: string): FolderProcess {
  holder.secondReaderFolders ??= new Map()
  const processes = holder.secondReaderFolders
  const found = processes.get(folder) ?? new FolderProcess({ folder, script: workerScript() })
  processes.delete(folder)
  const idle = [...processes.values()].filter(({ isIdle }) => isIdle)
  for (const surplus of idle.slice(0, Math.max(0, idle.length - MAX_IDLE_CHILDREN))) surplus.close()
  if (processes.size >= KEPT) forgetOldest(processes)
  processes.set(folder, found)
  return found
}

/** Never one that is being read, or in which a child still hangs: its scan would start over, its children be forgotten. */
function forgetOldest(processes: Map<string, FolderProcess>): void {
  for (const [folder, each] of processes) {
    if (!each.isForgettable) continue
    each.close()
    processes.delete(folder)
    return
  }
}

/** `resolveFolder` in the folder's own process: even the look at a link may hang. */
export function resolveFolderApart(folder: string, roots: readonly string[]): Promise<ResolvedFolder> {
  return folderProcess(folder).call({ folder, options: {} }, 'resolve', { roots })
}

/** Found below the working folder, which is the checkout's: the bundler must not take it for a part of a page. */
function workerScript(): string {
  return [process.cwd(), 'lib', 'platform', 'object-store', 'folder-worker.ts'].join('/')
}
