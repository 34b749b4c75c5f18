import { expect } from 'vitest'
import * as metricsRoute from '#app/api/[...path]/route.ts'
import * as imagesRoute from '#app/api/[...path]/route.ts'
import * as comparisonRoute from '#app/api/[...path]/route.ts'
import * as importRoute from '#app/api/[...path]/route.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { checkInvariants } from './check-invariants.ts'
import { openTestService, TEST_BASE_URL } from './test-service.ts'

export type Row = { key: string; reference: string; predicted: string; patient?: string; confidence?: number }

type Handler = (request: Request) => Promise<Response>

function handlerOf(method: string, path: string): Handler {
  if (path.startsWith('/api/prediction-sets')) return importRoute.POST
  if (path.startsWith('/api/evaluation-runs')) return metricsRoute.GET
  const route = path.startsWith('/api/model-comparisons/images') ? imagesRoute : comparisonRoute
  return method === 'GET' ? route.GET : route.POST
}

/** The routes of comparisons on a database of their own, called as Next calls them. */
export async function openComparisonBench() {
  const service = await openTestService()
  const { db } = service.service
  const context = { db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
  const { key } = await createApiKey(context, { name: 'lead', roles: ['ml-lead'] })

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    signal: AbortSignal | null = null,
  ) {
    const response = await handlerOf(
      method,
      path,
    )(
      new Request(`${TEST_BASE_URL}${path}`, {
        method,
        signal,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : text,
    }
  }

  const api = {
    get: (path: string) => call('GET', path),
    post: (path: string, body: unknown) => call('POST', path, body),
  }

  /** A version whose predictions are as stated (confidence 0.6); the rest of the probability is spread evenly. */
  async function importVersion(dataset: string, findingClasses: string[], rows: Row[]): Promise<string> {
    const others = findingClasses.length - 1
    const { status, body, text } = await api.post('/api/prediction-sets', {
      modelVersion: { name: 'made', findingClasses },
      dataset,
      predictions: rows.map(({ key: imageKey, reference, predicted, patient, confidence = 0.6 }) => ({
        imageKey,
        referenceClass: reference,
        ...(patient === undefined ? {} : { patient }),
        probabilities: findingClasses.map((name) =>
          name === predicted ? confidence : (1 - confidence) / others,
        ),
      })),
    })
    expect(status, text).toBe(201)
    return body.modelVersionId
  }

  const compare = (baseline: string, candidate: string, dataset: string, more = '') =>
    api.get(`/api/model-comparisons?baseline=${baseline}&candidate=${candidate}&dataset=${dataset}${more}`)

  const close = async () => {
    await checkInvariants(db)
    await service.close()
  }
  return { db, call, api, importVersion, compare, close }
}

export type ComparisonBench = Awaited<ReturnType<typeof openComparisonBench>>

export const ABC = ['a', 'b', 'c']

/** So many images, of ever other classes; `wrong` says which are predicted as the next class. */
export const rowsOf = (images: number, wrong: (i: number) => boolean, from = 0): Row[] =>
  Array.from({ length: images }, (_, at) => {
    const i = from + at
    const reference = ABC[i % 3] as string
    const predicted = wrong(i) ? (ABC[(i + 1) % 3] as string) : reference
    return { key: `${reference}/${i}.png`, reference, predicted }
  })
