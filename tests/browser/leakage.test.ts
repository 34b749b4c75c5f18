import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Browser } from '@playwright/test'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { startBrowser, visit } from '#tests/support/browser.ts'
import {
  evaluate,
  modelFolderForm,
  registerFolder,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const site = inject('browserSite')
const folder = path.join(path.dirname(site.imagesFolder), 'leakage')
const CLASS = 'lung-normal'

let browser: Browser
let api: ApiClient
beforeAll(async () => {
  browser = await startBrowser()
  api = serviceApi(site)
})
afterAll(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
})

const register = (name: string) => registerFolder(api, name, path.join(folder, name))

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
  const form = await modelFolderForm(path.join('demo', 'models', 'v1'))
  const card = JSON.parse(String(form.get('card')))
  card.lineage = { parent: null, trainingRun: null, snapshots: ['leaked-train'], codeVersion: null }
  form.set('card', JSON.stringify({ ...card, name: 'leaky' }))
  const version = await uploadVersion(api, form)
  // A run scans only the dataset that it is about.
  const params = { path: { name: 'leaked-train' } }
  await api.POST('/api/datasets/{name}/snapshots', { params, body: {} })
  const run = await evaluate(api, version.id, 'leaked')
  expect(run).toMatchObject({ status: 'succeeded' })
  return run.id
}

it('shows beside each other the images that look like those of the training', async () => {
  const id = await evaluateLeaked()
  const params = { path: { id } }
  const leakage = () => dataOf(api.GET('/api/evaluation-runs/{id}/leakage', { params }))
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
  await page.waitForURL(`**/images/${pair?.trainedImageId}`)
  expect(visitor.faults()).toEqual([])
  await visitor.close()
})
