import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** The environment variable by which a run knows its processes again, whatever group they moved to. */
export const RUN_MARK = 'SECOND_READER_TEST_RUN'

/**
 * The processes of a run that are still there: marked in their environment, or working in its folder (PostgreSQL
 * writes over its environment). Empty on systems that do not show them as Linux does.
 * @returns {{ pid: number, command: string }[]}
 */
export function findLeftovers(mark, folder) {
  return listPids().flatMap((pid) => {
    if (pid === process.pid) return []
    const ours = read(`/proc/${pid}/environ`).includes(`${RUN_MARK}=${mark}`) || worksIn(pid, folder)
    return ours ? [{ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }] : []
  })
}

export function killLeftovers(leftovers) {
  for (const { pid } of leftovers) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // it ended meanwhile
    }
  }
}

function listPids() {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

function worksIn(pid, folder) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
  } catch {
    return false
  }
}

function read(file) {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
