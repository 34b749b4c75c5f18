import type { Browser } from '@playwright/test'
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest'
import { startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const site = inject('browserSite')
const IMAGES = `/datasets/${site.dataset}?view=images`

let browser: Browser
let visitor: Visitor
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())
afterEach(() => visitor?.close())

const thumbnailsIn = (html: string) => [
  ...new Set(
    [...html.matchAll(/<img[^>]+src="\/api\/images\/(\d+)\/content\?size=thumbnail"/g)].map(([, id]) => id),
  ),
]

/** What the API lists with this query, first to last. */
async function listed(query: string): Promise<string[]> {
  const headers = { Authorization: `Bearer ${site.apiKey}` }
  const address = `${site.url}/api/datasets/${site.dataset}/images?limit=500&${query}`
  const { items } = (await (await fetch(address, { headers })).json()) as { items: { id: number }[] }
  return items.map(({ id }) => String(id))
}

it('sends the first pictures with the document, as the address filters and sorts them', async () => {
  visitor = await visit(browser, site, 'ml-lead')
  for (const query of ['sort=added', 'sort=pixels&descending=true', 'findingClass=lung-covid&sort=key']) {
    const address = `${IMAGES}&${query.replace('&descending=true', '')}`
    const html = await (await visitor.context.request.get(address)).text()
    const inDocument = thumbnailsIn(html)
    expect(inDocument.length).toBeGreaterThan(10)
    expect(inDocument).toEqual((await listed(query)).slice(0, inDocument.length))
  }
})

it('goes on where the document ended, moves nothing and asks for no picture twice', async () => {
  visitor = await visit(browser, site, 'ml-lead')
  const { page } = visitor
  const asked: string[] = []
  page.on('request', (request) => {
    const [, id] = /\/api\/images\/(\d+)\/content/.exec(request.url()) ?? []
    if (id !== undefined) asked.push(id)
  })
  await page.addInitScript(() => {
    const shifts = { total: 0 }
    Object.assign(globalThis, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.total += (entry as unknown as { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  await visitor.open(IMAGES)
  const all = await listed('sort=added')
  const lastTile = page.locator(`[data-tile="${all.length - 1}"]`)
  await page.locator('[role=grid][aria-rowcount]').waitFor()
  expect(
    await page.evaluate(() => (globalThis as unknown as { shifts: { total: number } }).shifts.total),
  ).toBeLessThan(0.1)
  await waitUntil('the last image is drawn', async () => {
    await page.mouse.wheel(0, 400)
    return (await lastTile.count()) > 0
  })
  await waitUntil('every picture was asked for', async () => new Set(asked).size === all.length)
  expect(asked.toSorted()).toEqual(all.toSorted())
  expect(visitor.faults()).toEqual([])
})
