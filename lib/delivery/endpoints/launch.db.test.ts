import { mkdir, rename, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { POST as launch, POST as registerDataset } from '#app/api/[...path]/route.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { FakeEvaluator } from '#tests/support/fake-evaluator.ts'
import { makePng } from '#tests/support/test-images.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'

let bench: TestService
let evaluator: FakeEvaluator
let apiKey: string
let modelVersionId: string
let folder: string

beforeAll(async () => {
  ;[bench, evaluator] = await Promise.all([openTestService(), FakeEvaluator.start()])
  const { db, objectStore, settings } = bench.service
  await mkdir(`${settings.dataDir}/objects`)
  const context = { db, actor: taskActor('test'), now: new Date(), requestId: 'test' }
  apiKey = (await createApiKey(context, { name: 'launch', roles: ['ml-lead'] })).key
  const card = { name: 'm', findingClasses: ['a', 'b'] }
  const parts = { objectStore, evaluators: [evaluator.address] }
  modelVersionId = (await registerModelVersion(context, parts, { onnx: Buffer.from('model'), card })).id
  folder = `${settings.datasetRoots[0]}/chest`
  await mkdir(`${folder}/a`, { recursive: true })
  await writeFile(`${folder}/a/1.png`, makePng({ note: '1' }))
})
afterAll(async () => {
  await bench.close()
  await evaluator.stop()
})

async function post(route: typeof launch, path: string, key: string, body: unknown) {
  const response = await route(
    new Request(`${TEST_BASE_URL}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify(body),
    }),
  )
  return { status: response.status, body: await response.json() }
}

it('a repeated launch gives the first reply, also when the folder can no longer be looked into', async () => {
  const dataset = { name: 'chest', location: `file:${folder}` }
  const registered = await post(registerDataset, '/api/datasets', 'register', dataset)
  expect(registered).toMatchObject({ status: 201 })
  const run = { modelVersionId, dataset: 'chest' }
  const launched = await post(launch, '/api/evaluation-runs', 'launch', run)
  expect(launched).toMatchObject({ status: 201 })
  await rename(folder, `${folder}-gone`)
  expect(await post(launch, '/api/evaluation-runs', 'launch', run)).toEqual(launched)
  expect(await post(registerDataset, '/api/datasets', 'register', dataset)).toEqual(registered)
  expect(await post(launch, '/api/evaluation-runs', 'another', run)).toMatchObject({
    status: 422,
    body: { error: { code: 'LOCATION_NOT_FOUND' } },
  })
  await rename(`${folder}-gone`, folder)
})

it('launches sent at once under one key are one run', async () => {
  const run = { modelVersionId, dataset: 'chest' }
  const replies = await Promise.all(
    [1, 2, 3, 4].map(() => post(launch, '/api/evaluation-runs', 'at once', run)),
  )
  expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
})
