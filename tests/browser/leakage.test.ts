import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Browser } from '@playwright/test'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type ApiClient, apiClient, modelForm } from '#tests/support/api-client.ts'
import { startBrowser, visit } from '#tests/support/browser.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const site = inject('browserSite')
const folder = path.join(path.dirname(site.imagesFolder), 'leakage')
const CLASS = 'lung-normal'

let browser: Browser
let api: ApiClient
beforeAll(async () => {
  browser = await startBrowser()
  api = apiClient(site.url, site.apiKey)
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

async function register(name: string): Promise<void> {
  const { status, text } = await api.post('/api/datasets', {
    name,
    location: `file:${path.join(folder, name)}`,
  })
  expect(status, text).toBe(201)
}

/** Trained on three images; judged by one of them, one of them mirrored and saved anew, and one of no patient. */
async function evaluateLeaked(): Promise<string> {
  const from = path.join(site.imagesFolder, CLASS)
  const [one = '', two = '', three = '', other = ''] = (await readdir(from)).sort()
  const [trained, judged] = ['leaked-train', 'leaked'].map((name) => path.join(folder, name, CLASS))
  await mkdir(trained as string, { recursive: true })
  await mkdir(judged as string, { recursive: true })
  for (const file of [one, two, three]) await cp(path.join(from, file), `${trained}/${file}`)
  await cp(path.join(from, one), `${judged}/same.jpg`)
  await sharp(path.join(from, two)).flop().toColourspace('b-w').png().toFile(`${judged}/mirrored.png`)
  await cp(path.join(from, other), `${judged}/other.jpg`)
  await register('leaked-train')
  await register('leaked')
  const form = await modelForm(path.join('demo', 'models', 'v1'))
  const card = JSON.parse(String(form.get('card')))
  card.lineage = { parent: null, trainingRun: null, snapshots: ['leaked-train'], codeVersion: null }
  form.set('card', JSON.stringify({ ...card, name: 'leaky' }))
  const version = await api.upload('/api/model-versions', form)
  expect(version.status, version.text).toBe(201)
  // A run scans only the dataset that it is about.
  const scan = await api.post('/api/datasets/leaked-train/snapshots', {})
  expect(scan.status, scan.text).toBe(202)
  const run = await api.post('/api/evaluation-runs', { modelVersionId: version.body.id, dataset: 'leaked' })
  expect(run.status, run.text).toBe(201)
  expect(await api.finishedRun(run.body.id)).toMatchObject({ status: 'succeeded' })
  return run.body.id
}

it('shows beside each other the images that look like those of the training', async () => {
  const id = await evaluateLeaked()
  const leakage = async () => (await api.get(`/api/evaluation-runs/${id}/leakage`)).body
  await waitUntil(
    'all images are hashed',
    async () => {
      const { hashed } = await leakage()
      return hashed.total > 0 && hashed.done === hashed.total
    },
    110_000,
  )
  const [pair, ...more] = (await leakage()).nearestPairs
  expect(more).toEqual([])
  expect(pair).toMatchObject({ imageKey: `${CLASS}/mirrored.png`, isMirrored: true })

  const visitor = await visit(browser, site, 'ml-lead')
  const { page } = visitor
  await visitor.open(`/evaluation-runs/${id}`)
  await page.getByText('1 is an identical file; 1 more resembles a training image').waitFor()
  await page.getByRole('link', { name: 'in training, mirrored' }).click()
  await page.waitForURL(`**/images/${pair.trainedImageId}`)
  expect(visitor.faults()).toEqual([])
  await visitor.close()
})
