import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a number of this benchmark was measured on. */
export function describeMachine(others: Record<string, string> = {}): string {
  const versions = { Node: process.versions.node, ...others }
  return [
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown CPU'}`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform} ${release()}`,
    ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
  ].join('; ')
}

/** The version of an installed package, from its own manifest. */
export function packageVersion(name: string): string {
  const manifest = path.join(import.meta.dirname, '..', 'node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

/**
 * Share of all cores that is busy while this benchmark rests: what others on the machine take from every number
 * measured beside it. 0 on a machine of our own. Niced work is not counted: it gives way to what is measured.
 */
export async function busyShareAtRest(seconds = 2): Promise<number> {
  const before = cpuTimes()
  await sleep(seconds * 1000)
  const after = cpuTimes()
  return (after.busy - before.busy) / (after.total - before.total)
}

function cpuTimes(): { busy: number; total: number } {
  const times = cpus().map((cpu) => cpu.times)
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
  return {
    busy: sum(times.map(({ user, sys, irq }) => user + sys + irq)),
    total: sum(times.flatMap((each) => Object.values(each))),
  }
}
