import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ApiClient } from '#lib/delivery/client/api-client.ts'
import { getRun, launchRun, modelForm, uploadVersion } from './service-api.ts'
import { makePng } from './test-images.ts'
import { testModelCard } from './test-models.ts'

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
  const card = testModelCard({ preprocessing: { mean: [0.3 + number / 1000] } })
  const version = await uploadVersion(api, await modelForm('valid', card))
  return (await launchRun(api, version.id, dataset)).id
}

/** Undefined while web or the database is away. */
export async function lookAtRun(api: ApiClient, id: string) {
  return await getRun(api, id).catch(() => undefined)
}

/** How many images are done; none while web or the database is away. */
export async function doneImages(api: ApiClient, id: string): Promise<number> {
  return (await lookAtRun(api, id))?.progress.done ?? 0
}
