import { realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'

/** The folder's real path where it lies within a root, else why it may not be used. */
export type ResolvedFolder = { folder: string } | { fault: 'missing' | 'not-a-folder' | 'outside' }

function isWithin(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(root.endsWith(sep) ? root : `${root}${sep}`)
}

/** Resolves all links. Says nothing about folders outside the roots, not even whether they exist. */
export async function resolveFolder(folder: string, roots: readonly string[]): Promise<ResolvedFolder> {
  const resolved = await realpath(folder).catch(() => null)
  // The root that it seems to lie in comes first: another one may be on a share that hangs.
  const likely = roots.filter((root) => isWithin(folder, root))
  const others = roots.filter((root) => !isWithin(folder, root))
  for (const root of [...likely, ...others]) {
    const realRoot = await realpath(root).catch(() => null)
    if (realRoot === null) continue
    if (resolved !== null && isWithin(resolved, realRoot))
      return (await stat(resolved)).isDirectory() ? { folder: resolved } : { fault: 'not-a-folder' }
    if (resolved === null && isWithin(folder, realRoot)) return { fault: 'missing' }
  }
  return { fault: resolved === null && likely.length > 0 ? 'missing' : 'outside' }
}
