import { readFile } from 'node:fs/promises'
import { type ApiClient, dataOf, openApiClient } from '#lib/delivery/client/api-client.ts'
import type { ApiReply } from '#lib/delivery/client/api-paths.ts'
import { readTestModel, testModelCard } from './test-models.ts'
import { waitUntil } from './wait-until.ts'

// The REST API as a client's script uses it: by the product's own typed client, which throws each refusal.

type ModelVersion = ApiReply<'/api/model-versions', 'post'>
type EvaluationRun = ApiReply<'/api/evaluation-runs/{id}', 'get'>

export function serviceApi({ url, apiKey }: { url: string; apiKey: string }): ApiClient {
  return openApiClient({ baseUrl: url, headers: { Authorization: `Bearer ${apiKey}` } })
}

/** The form that uploads a model, or one of the test models by its name. */
export async function modelForm(
  model: string | Uint8Array | Blob,
  card: object | string = testModelCard(),
): Promise<FormData> {
  const bytes = typeof model === 'string' ? (await readTestModel(model)).bytes : model
  const form = new FormData()
  form.set('model', bytes instanceof Blob ? bytes : new Blob([Uint8Array.from(bytes)]), 'model.onnx')
  form.set('card', typeof card === 'string' ? card : JSON.stringify(card))
  return form
}

/** The form that uploads a folder with `model.onnx` and `model.json`. */
export async function modelFolderForm(folder: string): Promise<FormData> {
  return modelForm(await readFile(`${folder}/model.onnx`), await readFile(`${folder}/model.json`, 'utf8'))
}

export function uploadVersion(api: ApiClient, form: FormData): Promise<ModelVersion> {
  return dataOf(api.POST('/api/model-versions', { body: form }))
}

export async function registerFolder(
  api: ApiClient,
  name: string,
  folder: string,
  more: { patientPattern?: string } = {},
): Promise<void> {
  await api.POST('/api/datasets', { body: { name, location: `file:${folder}`, ...more } })
}

/** Registers a folder and waits until its first snapshot is frozen. */
export async function scanFolder(...dataset: Parameters<typeof registerFolder>): Promise<void> {
  const [api, name] = dataset
  const byName = { params: { path: { name } } }
  await registerFolder(...dataset)
  await api.POST('/api/datasets/{name}/snapshots', { ...byName, body: {} })
  await waitUntil(
    `${name} is scanned`,
    async () => (await dataOf(api.GET('/api/datasets/{name}', byName))).readySnapshot !== null,
  )
}

export function launchRun(
  api: ApiClient,
  modelVersionId: string,
  dataset: string,
  more: { allowUnknownClasses?: boolean } = {},
): Promise<ApiReply<'/api/evaluation-runs', 'post'>> {
  return dataOf(api.POST('/api/evaluation-runs', { body: { modelVersionId, dataset, ...more } }))
}

export function getRun(api: ApiClient, id: string): Promise<EvaluationRun> {
  return dataOf(api.GET('/api/evaluation-runs/{id}', { params: { path: { id } } }))
}

/** Waits until a run has ended. */
export async function finishedRun(api: ApiClient, id: string, timeoutMs = 240_000): Promise<EvaluationRun> {
  let run = await getRun(api, id)
  await waitUntil(
    'the run has ended',
    async () => {
      if (run.finishedAt === null) run = await getRun(api, id)
      return run.finishedAt !== null
    },
    timeoutMs,
  )
  return run
}

/** Launches a run and waits until it has ended. */
export async function evaluate(...launch: Parameters<typeof launchRun>): Promise<EvaluationRun> {
  return finishedRun(launch[0], (await launchRun(...launch)).id)
}

export function getMetrics(
  api: ApiClient,
  id: string,
): Promise<ApiReply<'/api/evaluation-runs/{id}/metrics', 'get'>> {
  return dataOf(api.GET('/api/evaluation-runs/{id}/metrics', { params: { path: { id } } }))
}
