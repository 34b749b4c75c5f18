import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { endChild } from './child-process.ts'
import { waitUntil } from './wait-until.ts'

const PYTHON = path.join(import.meta.dirname, '..', '..', '.venv', 'bin', 'python')

export type StallingFolder = {
  /** Where the folder shows; what lies in it is put into the folder behind. */
  folder: string
  /** `read`: reading files with `stall` in their names waits. `readdir`: listing sub-folders waits. */
  stall: (operation: 'read' | 'readdir') => void
  /** What waits goes on. */
  letGo: () => void
  unmount: () => Promise<void>
}

/** Mounts a folder that can be made to hang as a network share hangs. */
export async function mountStallingFolder(behind: string, folder: string): Promise<StallingFolder> {
  if (!existsSync('/dev/fuse'))
    throw new Error(
      'This machine has no /dev/fuse: run "modprobe fuse"; a container needs --device /dev/fuse --cap-add SYS_ADMIN.',
    )
  const control = `${folder}-switch`
  mkdirSync(folder, { recursive: true })
  const script = path.join(import.meta.dirname, 'stalling_folder.py')
  const server = spawn(PYTHON, [script, behind, folder, control], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  server.stderr.on('data', (text) => (said += text))
  await waitUntil('the folder is mounted', () => {
    if (server.exitCode !== null) throw new Error(`The mount ended: ${said}`)
    return readFileSync('/proc/self/mounts', 'utf8').includes(` ${folder} `)
  })
  const letGo = () => rmSync(control, { force: true })
  return {
    folder,
    stall: (operation) => writeFileSync(control, operation),
    letGo,
    async unmount() {
      letGo()
      spawnSync('fusermount', ['-u', '-z', folder])
      await endChild(server)
    },
  }
}
