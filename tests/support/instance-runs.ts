import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ApiClient } from './api-client.ts'
import { makePng } from './test-images.ts'
import { readTestModel, testModelCard } from './test-models.ts'

/** Fills a folder with so many different small images, spread over the test model's classes. */
export function writeImages(folder: string, count: number): void {
  const classes = testModelCard().findingClasses
  for (const findingClass of classes) mkdirSync(path.join(folder, findingClass), { recursive: true })
  for (let number = 0; number < count; number++) {
    const image = makePng({ width: 64, height: 64, shade: number % 256, note: `image ${number}` })
    writeFileSync(path.join(folder, classes[number % classes.length] ?? '', `${number}.png`), image)
  }
}

/** A run that can reuse no other number's predictions: another mean is another preprocessing. */
export async function startRun(api: ApiClient, dataset: string, number: number): Promise<string> {
  const form = new FormData()
  form.set('model', new Blob([Uint8Array.from((await readTestModel('valid')).bytes)]), 'model.onnx')
  form.set('card', JSON.stringify(testModelCard({ preprocessing: { mean: [0.3 + number / 1000] } })))
  const version = await api.upload('/api/model-versions', form)
  if (version.status !== 201) throw new Error(version.text)
  const run = await api.post('/api/evaluation-runs', { modelVersionId: version.body.id, dataset })
  if (run.status !== 201) throw new Error(run.text)
  return run.body.id
}

/** Undefined while web or the database is away. */
export async function lookAtRun(api: ApiClient, id: string) {
  const reply = await api.get(`/api/evaluation-runs/${id}`).catch(() => null)
  return reply?.status === 200 ? reply.body : undefined
}
