import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { quantile } from '#lib/statistics/quantile.ts'
import { startInstance } from '#tests/support/instance.ts'
import { startRun, writeImages } from '#tests/support/instance-runs.ts'
import { finishedRun, registerFolder, serviceApi } from '#tests/support/service-api.ts'
import { mountStallingFolder } from '#tests/support/stalling-folder.ts'
import { makePng } from '#tests/support/test-images.ts'
import { busyShareAtRest, describeMachine } from '../machine.ts'

// How fast everything else is while ten reads of a dataset's folder hang, as a ratio to how fast it is without.

const { values } = parseArgs({ options: { requests: { type: 'string', default: '300' } } })
const REQUESTS = Number(values.requests)
/** Reads that hang all the time: as one ends at its limit, the next is asked for. */
const HANGING_READS = 10
const PAUSE_MS = 250
const GOAL = 2

type Call = () => Promise<Response>

async function p99Ms(call: Call): Promise<number> {
  const times: number[] = []
  for (let request = 0; request < REQUESTS; request++) {
    const begun = performance.now()
    const reply = await call()
    await reply.arrayBuffer()
    if (reply.status !== 200) throw new Error(`${reply.url} answered ${reply.status}`)
    times.push(performance.now() - begun)
  }
  return quantile(
    times.sort((a, b) => a - b),
    0.99,
  )
}

async function register(api: ApiClient, name: string, folder: string): Promise<void> {
  await registerFolder(api, name, folder)
  const run = await finishedRun(api, await startRun(api, name, 1))
  if (run.status !== 'succeeded')
    throw new Error(`The run over ${name} ended as ${run.status}: ${run.reason}`)
}

const work = mkdtempSync(path.join(tmpdir(), 'sr-bench-stalling-'))
mkdirSync(path.join(work, 'behind'))
writeImages(path.join(work, 'behind', 'stalling'), 30)
const instance = await startInstance({ env: { DATASET_ROOTS: work } })
const share = await mountStallingFolder(path.join(work, 'behind'), path.join(work, 'share'))
try {
  const api = serviceApi(instance)
  await register(api, 'share', `${share.folder}/stalling`)
  const headers = { authorization: `Bearer ${instance.apiKey}` }
  const image = Uint8Array.from(makePng({ shade: 9 }))
  const form = () => {
    const body = new FormData()
    body.set('file', new Blob([image]), 'a.png')
    return body
  }
  const calls: Record<string, Call> = {
    '/metrics': () => fetch(`${instance.url}/metrics`, { headers }),
    '/login': () => fetch(`${instance.url}/login`),
    '/predict/': () => fetch(`${instance.url}/predict/`, { method: 'POST', body: form() }),
  }
  const params = { path: { name: 'share' }, query: { limit: HANGING_READS } }
  const { items } = await dataOf(api.GET('/api/datasets/{name}/images', { params }))
  console.log(describeMachine(), `; busy at rest ${(100 * (await busyShareAtRest())).toFixed(0)} %`)
  for (const call of Object.values(calls)) await p99Ms(call) // warm
  const before = new Map<string, number>()
  for (const [name, call] of Object.entries(calls)) before.set(name, await p99Ms(call))
  share.stall('read')
  let measuring = true
  const hanging = items.map(async ({ id }) => {
    while (measuring) {
      const reply = await fetch(`${instance.url}/api/images/${id}/content?size=full`, { headers })
      await reply.arrayBuffer()
      await sleep(PAUSE_MS) // as a person who asks again: a refusal comes at once
    }
  })
  const run = await startRun(api, 'share', 2)
  for (const [name, call] of Object.entries(calls)) {
    const [free, stalled] = [before.get(name) ?? Number.NaN, await p99Ms(call)]
    const ratio = stalled / free
    console.log(
      `${name}: p99 ${free.toFixed(1)} ms, while ${HANGING_READS} reads hang ${stalled.toFixed(1)} ms: ratio ${ratio.toFixed(2)} (goal ${GOAL})`,
    )
  }
  measuring = false
  share.letGo()
  await Promise.all(hanging)
  console.log(`the run over the share then ended as ${(await finishedRun(api, run)).status}`)
} finally {
  await instance.stop()
  await share.unmount()
  rmSync(work, { recursive: true, force: true })
}
