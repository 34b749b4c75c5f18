import { readFile } from 'node:fs/promises'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import type { ApiClient } from '#tests/support/api-client.ts'
import type { Instance } from '#tests/support/instance.ts'
import { type CpuTimes, cpuTimesSince, readCpuTimes } from './cpu-times.ts'

/** A started service and a client with every role. */
export type Service = { instance: Instance; api: ApiClient }

export type OurResult = {
  /** From the run's creation to its end: waiting, listing and hashing, evaluating, storing, metrics. */
  seconds: number
  timings: { scanningSeconds: number; queuedSeconds: number; evaluatingSeconds: number }
  /** Processor seconds of each process during the run. */
  cpu: CpuTimes
  /** By image key, in the model's class order. */
  probabilities: Map<string, readonly number[]>
}

/**
 * A dataset folder evaluated by a run of a started service, as any client starts one. `round` must be new for each
 * call: every round gets a dataset that was never scanned and predictions that are not there yet, of the same images.
 */
export async function evaluateOurWay(
  service: Service,
  work: { modelFile: string; card: ModelCard; folder: string; round: string; number: number },
): Promise<OurResult> {
  const { api, instance } = service
  const versionId = await admit(api, work)
  await expectStatus([201], api.post('/api/datasets', { name: work.round, location: `file:${work.folder}` }))
  const before = readCpuTimes(instance)
  const created = await expectStatus(
    [201],
    api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset: work.round }),
  )
  await followToEnd(service, created.id)
  const cpu = cpuTimesSince(before, readCpuTimes(instance))
  const { body: run } = await api.get(`/api/evaluation-runs/${created.id}`)
  if (run.status !== 'succeeded' || run.progress.errors > 0 || run.reused > 0)
    throw new Error(`The run did not predict every image: ${JSON.stringify(run)}`)
  return {
    seconds: (Date.parse(run.finishedAt) - Date.parse(run.createdAt)) / 1000,
    timings: run.timings,
    cpu,
    probabilities: await listProbabilities(api, created.id),
  }
}

/** As the pages and the command line do; asking for the run in short turns would cost the processor that is measured. */
async function followToEnd({ instance }: Service, runId: string): Promise<void> {
  const response = await fetch(`${instance.url}/api/evaluation-runs/${runId}/events`, {
    headers: { Authorization: `Bearer ${instance.apiKey}` },
  })
  const text = await response.text() // the stream ends with the run
  if (!text.includes('event: end')) throw new Error(`The events of run ${runId} broke off.`)
}

/** The mean differs by less than float32 can hold: the same input to the last bit, and a prediction set of its own. */
async function admit(
  api: ApiClient,
  { modelFile, card, number }: { modelFile: string; card: ModelCard; number: number },
): Promise<string> {
  const own = { ...card, preprocessing: { ...card.preprocessing, mean: [0.5 + number * 2 ** -40] } }
  const form = new FormData()
  form.set('model', new Blob([await readFile(modelFile)]), 'model.onnx')
  form.set('card', JSON.stringify(own))
  return (await expectStatus([200, 201], api.upload('/api/model-versions', form))).id
}

async function listProbabilities(api: ApiClient, runId: string): Promise<Map<string, readonly number[]>> {
  const found = new Map<string, readonly number[]>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = await expectStatus(
      [200],
      api.get(`/api/evaluation-runs/${runId}/predictions?limit=500${after}`),
    )
    for (const { imageKey, probabilities } of page.items) found.set(imageKey, probabilities)
    cursor = page.nextCursor
  }
  return found
}

async function expectStatus(statuses: number[], call: ReturnType<ApiClient['get']>) {
  const reply = await call
  if (!statuses.includes(reply.status)) throw new Error(`The service answered ${reply.status}: ${reply.text}`)
  return reply.body
}
