import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ApiClient } from '#lib/delivery/client/api-client.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { doneImages, lookAtRun, startRun, writeImages } from '#tests/support/instance-runs.ts'
import { registerFolder, serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

/** Long enough to be met at work. Kills at many more points: kill-sweep.test.ts. */
const IMAGES = 1500

let work: string
let instance: Instance
let api: ApiClient

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-kill-run-'))
  writeImages(path.join(work, 'many'), IMAGES)
  instance = await startInstance({ env: { DATASET_ROOTS: work } })
  api = serviceApi(instance)
  await registerFolder(api, 'many', `${work}/many`)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(work, { recursive: true, force: true })
})

async function startLongRun(number: number): Promise<string> {
  const id = await startRun(api, 'many', number)
  await waitUntil('the run is at work', async () => (await doneImages(api, id)) > 50)
  return id
}

async function endWeb(signal: NodeJS.Signals): Promise<void> {
  const before = instance.pid('web')
  instance.kill('web', signal)
  await waitUntil('web runs again', () => instance.pid('web') !== before)
  await waitUntil('the instance is healthy', instance.isHealthy)
}

async function expectWhole(id: string, timeoutMs: number): Promise<void> {
  await waitUntil('the run has ended', async () => (await lookAtRun(api, id))?.finishedAt != null, timeoutMs)
  expect(await lookAtRun(api, id)).toMatchObject({
    status: 'succeeded',
    progress: { done: IMAGES, errors: 0, total: IMAGES },
    reused: 0,
  })
}

// In real time: that a dead owner's lease runs out by itself is what is tested.
it('F01: goes on with the run of a killed web when its lease is over', async () => {
  const id = await startLongRun(1)
  await endWeb('SIGKILL')
  await expectWhole(id, 90_000)
})

it('F04: a web that is asked to stop gives its run back at once, ends its event streams, and exits with 0', async () => {
  const id = await startLongRun(2)
  const stream = await fetch(`${instance.url}/api/evaluation-runs/${id}/events`, {
    headers: { Authorization: `Bearer ${instance.apiKey}` },
  })
  const ended = stream.text().catch(() => 'cut off')
  await endWeb('SIGTERM')
  await ended
  expect(instance.output()).toContain('web ended (code 0)')
  await waitUntil(
    'a process works on the run again, long before a lease would be over',
    async () => {
      const before = await doneImages(api, id)
      return before === IMAGES || (await doneImages(api, id)) > before
    },
    20_000, // a lease takes 30 s
  )
  await expectWhole(id, 60_000)
})
