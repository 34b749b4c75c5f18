import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'

/** A file system of its own that is soon full, for this user alone. Gives back what takes it away again. */
export function mountSmallDisk(folder: string, kilobytes: number, inodes?: number): () => void {
  mkdirSync(folder, { recursive: true })
  const limits = [`size=${kilobytes}k`, ...(inodes === undefined ? [] : [`nr_inodes=${inodes}`])]
  const options = [...limits, 'mode=0700'].join(',')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder], { encoding: 'utf8' })
  if (mounted.status !== 0)
    throw new Error(
      `A small disk cannot be mounted: ${mounted.stderr}Run the tests as root; a container needs --cap-add SYS_ADMIN.`,
    )
  return () => spawnSync('umount', ['-l', folder])
}
