import { readFileSync } from 'node:fs'
import type { Instance } from '#tests/support/instance.ts'

/** Processor seconds of a service's processes since they started; the inference children are summed up. */
export type CpuTimes = { web: number; database: number; evaluator: number; inference: number }

/** Linux counts in hundredths of a second (`getconf CLK_TCK`), whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100

/**
 * Unlike images per second, these do not suffer from what others do on the machine, but for its caches. Read from
 * /proc, so on Linux alone.
 */
export function readCpuTimes(instance: Instance): CpuTimes {
  const evaluator = instance.pid('evaluator')
  return {
    web: cpuSeconds(instance.pid('web')),
    database: cpuSeconds(instance.pid('database')),
    evaluator: cpuSeconds(evaluator),
    inference: childrenOf(evaluator).reduce((sum, pid) => sum + cpuSeconds(pid), 0),
  }
}

export function cpuTimesSince(before: CpuTimes, after: CpuTimes): CpuTimes {
  return {
    web: after.web - before.web,
    database: after.database - before.database,
    evaluator: after.evaluator - before.evaluator,
    inference: after.inference - before.inference,
  }
}

function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return children === '' ? [] : children.split(' ').map(Number)
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name before may hold spaces and brackets. Behind it, user and system time are fields 12 and 13.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
