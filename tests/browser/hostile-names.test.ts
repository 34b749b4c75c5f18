import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { settled, startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { HOSTILE_CLASSES, HOSTILE_MODEL, HOSTILE_PERSON } from '#tests/support/browser-site.ts'
import { present } from '#tests/support/present.ts'
import { serviceApi } from '#tests/support/service-api.ts'

const site = inject('browserSite')
const { version, dataset, run } = site.hostile

let browser: Browser
let imageId: number
beforeAll(async () => {
  browser = await startBrowser()
  const params = { path: { id: run }, query: { limit: 1 } }
  const { items } = await dataOf(serviceApi(site).GET('/api/evaluation-runs/{id}/predictions', { params }))
  imageId = present(items[0]).imageId
})
afterAll(() => browser?.close())

/** Signs that a name was taken for something else than text. */
async function injected({ page, faults }: Visitor): Promise<string[]> {
  const signs = await page.evaluate(() => [
    ...(document.title.includes('Second Reader') ? [] : [`title ${document.title}`]),
    ...[...document.querySelectorAll('#injected, img[src="x"], svg[onload], i[onclick]')].map(
      (element) => `element ${element.outerHTML.slice(0, 100)}`,
    ),
  ])
  return [...signs, ...faults()]
}

/** Every character of it stands on the page, whatever element it is split over. */
const shows = async (page: Page, text: string) =>
  ((await page.locator('body').textContent()) ?? '').includes(text)

const PAGES: readonly [address: string, role: Role, shown: readonly string[]][] = [
  ['/', 'ml-lead', [HOSTILE_MODEL]],
  ['/evaluation-runs', 'ml-lead', [HOSTILE_MODEL]],
  [`/evaluation-runs/new?version=${version}&dataset=${dataset}`, 'ml-lead', []],
  [`/evaluation-runs/${run}`, 'ml-lead', [HOSTILE_MODEL, ...HOSTILE_CLASSES]],
  ['/model-versions', 'ml-lead', [HOSTILE_MODEL]],
  [`/model-versions/${version}`, 'ml-lead', [HOSTILE_MODEL, ...HOSTILE_CLASSES]],
  ['/datasets', 'ml-lead', []],
  [`/datasets/${dataset}`, 'ml-lead', HOSTILE_CLASSES],
  [`/datasets/${dataset}?view=images`, 'ml-lead', HOSTILE_CLASSES.slice(0, 1)],
  [`/datasets/${dataset}?view=snapshots`, 'ml-lead', []],
  [`/datasets/${dataset}?view=evaluations`, 'ml-lead', [HOSTILE_MODEL]],
  [
    `/compare?baseline=${version}&candidate=${version}&dataset=${dataset}`,
    'ml-lead',
    [HOSTILE_MODEL, ...HOSTILE_CLASSES],
  ],
  ['/settings/users', 'administrator', [HOSTILE_PERSON]],
  ['/audit-log', 'administrator', []],
]

it.each(PAGES)('%s shows hostile names as they are written', async (address, role, shown) => {
  const visitor = await visit(browser, site, role)
  visitor.page.on('dialog', (dialog) => void dialog.accept())
  await visitor.open(address)
  const missing = []
  for (const text of shown) if (!(await shows(visitor.page, text))) missing.push(text)
  expect({ missing, injected: await injected(visitor) }).toEqual({ missing: [], injected: [] })
  await visitor.close()
})

it('an image, the search and a list to choose from show hostile names as they are written', async () => {
  const visitor = await visit(browser, site, 'ml-lead')
  const { page } = visitor
  await visitor.open(`/images/${imageId}?run=${run}`)
  expect(await shows(page, HOSTILE_MODEL)).toBe(true)
  expect(await injected(visitor)).toEqual([])

  await page.keyboard.press('Control+k')
  await page.getByRole('textbox', { name: 'Search' }).pressSequentially('<script>')
  await page.locator('[data-action]').getByText(`${HOSTILE_MODEL} v1`, { exact: true }).waitFor()
  expect(await injected(visitor)).toEqual([])
  await page.keyboard.press('Escape')

  await visitor.open('/evaluation-runs/new')
  await page.getByRole('combobox', { name: 'Model version' }).click()
  await page.getByRole('option', { name: HOSTILE_MODEL }).waitFor()
  await settled(page)
  expect(await injected(visitor)).toEqual([])
  await visitor.close()
})
