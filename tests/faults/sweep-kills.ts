import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { openDatabase } from '#db/client.ts'
import { findFolderOwner } from '#db/embedded/folder-owner.ts'
import type { ApiClient } from '#lib/delivery/client/api-client.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { startEmbeddedDatabase } from '#tests/support/embedded-database.ts'
import { type Instance, type ProcessName, startInstance } from '#tests/support/instance.ts'
import { doneImages, lookAtRun, startRun, writeImages } from '#tests/support/instance-runs.ts'
import { finishedRun, registerFolder, serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const EVERYTHING: ProcessName[] = ['web', 'evaluator', 'database']
const VICTIMS: ProcessName[][] = [['web'], ['evaluator'], ['database'], ['web', 'evaluator'], EVERYTHING]
const IMAGES = 300
/** A supervisor waits twice as long after each death in a row: a new one begins with half a second again. */
const KILLS_PER_SUPERVISOR = 8

export type KillSweep = {
  runs: number
  kills: Record<string, number>
  /** Kills while the run was scanned, queued or evaluated; the others came after its end. */
  duringRun: number
  seconds: number
}

/**
 * Evaluates one dataset again and again on a whole instance, each time with other preprocessing, and kills processes
 * of it at a random point of each run. Throws when a run does not succeed with every image counted once, or when
 * the database breaks an invariant at the end.
 */
export async function sweepKills(options: {
  runs: number
  seed: number
  say: (line: string) => void
}): Promise<KillSweep> {
  const random = seededRandom(options.seed)
  const begunAt = performance.now()
  const work = mkdtempSync(path.join(tmpdir(), 'sr-kill-sweep-'))
  const dataDir = path.join(work, 'data')
  writeImages(path.join(work, 'many'), IMAGES)
  const start = () => startInstance({ dataDir, env: { DATASET_ROOTS: work } })
  let instance = await start()
  const tally: KillSweep = { runs: 0, kills: {}, duringRun: 0, seconds: 0 }
  try {
    await registerFolder(serviceApi(instance), 'many', `${work}/many`)
    options.say(`an undisturbed run takes ${Math.round(await timeRun(serviceApi(instance)))} ms`)
    for (let number = 1; number <= options.runs; number++) {
      if (number % KILLS_PER_SUPERVISOR === 0) {
        await instance.stop()
        instance = await start()
      }
      const victims = VICTIMS[Math.floor(random() * VICTIMS.length)] ?? []
      // Before the first image, or at some image.
      const point =
        random() < 0.25 ? { afterMs: random() * 1000 } : { atImage: Math.floor(random() * IMAGES) }
      const outcome = await disturbRun(instance, dataDir, { number, victims, point })
      tally.runs += 1
      tally.duringRun += outcome.wasUnderWay ? 1 : 0
      const names = victims.join(' and ')
      tally.kills[names] = (tally.kills[names] ?? 0) + 1
      options.say(`${number}: ${names} killed ${outcome.said}`)
    }
    await instance.stop()
    await checkDatabase(dataDir, options.runs + 1)
    tally.seconds = (performance.now() - begunAt) / 1000
    return tally
  } finally {
    await instance.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

async function timeRun(api: ApiClient): Promise<number> {
  const begunAt = performance.now()
  requireWhole(await finishedRun(api, await startRun(api, 'many', 0)))
  return performance.now() - begunAt
}

type Point = { afterMs: number } | { atImage: number }

async function disturbRun(
  instance: Instance,
  dataDir: string,
  { number, victims, point }: { number: number; victims: ProcessName[]; point: Point },
): Promise<{ wasUnderWay: boolean; said: string }> {
  const api = serviceApi(instance)
  const id = await startRun(api, 'many', number)
  // Before its first image a run shows no progress by which to choose a point.
  if ('afterMs' in point) await sleep(point.afterMs)
  else await waitUntil('that image', async () => (await doneImages(api, id)) >= point.atImage)
  const before = await lookAtRun(api, id)
  const pids = victims.map((name) => [name, instance.pid(name)] as const)
  for (const name of victims) instance.kill(name)
  const killedAt = performance.now()
  await waitUntil(`${victims.join(', ')} run again`, () =>
    pids.every(([name, pid]) => instance.pid(name) !== pid),
  )
  if (victims.includes('web')) await endLeases(dataDir)
  await waitUntil('the instance is whole', () => isWhole(instance))
  await waitUntil('the run has ended', async () => (await lookAtRun(api, id))?.finishedAt != null)
  const run = await lookAtRun(api, id)
  requireWhole(run)
  const seconds = ((performance.now() - killedAt) / 1000).toFixed(1)
  return {
    wasUnderWay: before?.finishedAt === null,
    said: `at ${before?.status ?? 'an unknown state'} with ${before?.progress.done ?? '?'} images; over after ${seconds} s`,
  }
}

/** Health is 200 without an evaluator too, but no model can be registered then. */
async function isWhole(instance: Instance): Promise<boolean> {
  const reply = await fetch(`${instance.url}/api/health`).catch(() => null)
  return reply !== null && ((await reply.json()) as { status: string }).status === 'ok'
}

function requireWhole(run: Awaited<ReturnType<typeof lookAtRun>>): void {
  const { status, reused, progress } = run ?? {}
  const expected = { status: 'succeeded', reused: 0, progress: { done: IMAGES, errors: 0, total: IMAGES } }
  if (JSON.stringify({ status, reused, progress }) !== JSON.stringify(expected))
    throw new Error(`A run did not end whole: ${JSON.stringify(run)}`)
}

/** As if the 30 seconds had passed for which a dead web still holds its run or scan. */
async function endLeases(dataDir: string): Promise<void> {
  const url = findFolderOwner(dataDir)?.url
  if (url === undefined) throw new Error('No process owns the data folder.')
  const { db, close } = openDatabase(url, { maxConnections: 1 })
  try {
    await waitUntil('the leases are ended', async () => {
      try {
        for (const table of ['evaluation_runs', 'dataset_snapshots'])
          await db.execute(
            sql.raw(`update ${table} set lease_until = clock_timestamp() where lease_until is not null`),
          )
        return true
      } catch {
        return false // the database is still starting
      }
    })
  } finally {
    await close()
  }
}

/** Read from the files that the last stop has left. */
async function checkDatabase(dataDir: string, runs: number): Promise<void> {
  const embedded = await startEmbeddedDatabase(dataDir)
  const { db, close } = openDatabase(embedded.url)
  try {
    await checkInvariants(db, { settled: true })
    const { rows } = await db.execute<{ images: number; sets: number; least: number; most: number }>(sql`
      select count(*)::int as sets, min(n)::int as least, max(n)::int as most
      from (select count(*) as n from predictions group by prediction_set_id) stored`)
    const expected = { sets: runs, least: IMAGES, most: IMAGES }
    if (JSON.stringify(rows[0]) !== JSON.stringify(expected))
      throw new Error(`Predictions were lost or doubled: ${JSON.stringify(rows[0])}`)
  } finally {
    await close()
    await embedded.stop()
  }
}
