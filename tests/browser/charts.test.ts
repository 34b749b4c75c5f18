import type { Browser, Locator } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { present } from '#tests/support/present.ts'
import { serviceApi } from '#tests/support/service-api.ts'

const site = inject('browserSite')

let browser: Browser
let api: ApiClient
let visitor: Visitor
beforeAll(async () => {
  browser = await startBrowser()
  api = serviceApi(site)
  visitor = await visit(browser, site, 'ml-lead')
  await visitor.open(`/evaluation-runs/${site.runs[1]}`)
})
afterAll(() => browser?.close())

type Bin = { low: number; high: number; meanConfidence: number }
type Place = { left: number; middle: number; right: number }

/** Where what was drawn stands, in pixels from the left of the window. */
async function placesOf(drawn: Locator): Promise<Place[]> {
  await drawn.first().waitFor()
  return await drawn.evaluateAll((elements) =>
    elements.map((element) => {
      const { left, right } = element.getBoundingClientRect()
      return { left, middle: (left + right) / 2, right }
    }),
  )
}

/** From a confidence to its place, as the labels of the axis say. */
async function readAxis(panel: Locator): Promise<(confidence: number) => number> {
  const labels = panel.locator('.confidence-ticks text')
  const places = await placesOf(labels)
  const ratios = (await labels.allTextContents()).map((text) => Number.parseInt(text, 10) / 100)
  expect(ratios).toEqual([0, 0.25, 0.5, 0.75, 1])
  const [start, end] = [places.at(0)?.middle ?? 0, places.at(-1)?.middle ?? 0]
  expect(end - start).toBeGreaterThan(100)
  return (confidence) => start + confidence * (end - start)
}

/** The bins that have a bar, in the order of their confidence. */
function expectBars(bars: Place[], bins: Bin[], placeOf: (confidence: number) => number): void {
  expect(bars).toHaveLength(bins.length)
  for (const [at, { low, high }] of bins.entries()) {
    expect(bars[at]?.left).toBeGreaterThan(placeOf(low) - 1.5)
    expect(bars[at]?.right).toBeLessThan(placeOf(high) + 1.5)
  }
}

describe('the axis of confidence', () => {
  it('says of each point and bar of the calibration what the API says', async () => {
    const path = { id: present(site.runs[1]) }
    const { reliability } = await dataOf(api.GET('/api/evaluation-runs/{id}/curves', { params: { path } }))
    const bins: Bin[] = present(reliability).bins.flatMap(({ n, low, high, meanConfidence }) =>
      n > 0 ? [{ low, high, meanConfidence: present(meanConfidence) }] : [],
    )
    const heading = visitor.page.getByRole('heading', { name: 'Calibration', exact: true })
    const panel = visitor.page.locator('section', { has: heading })
    const placeOf = await readAxis(panel)
    const points = await placesOf(panel.locator('.recharts-scatter-symbol'))
    expect(points).toHaveLength(bins.length)
    for (const [at, { meanConfidence }] of bins.entries())
      expect(Math.abs((points[at]?.middle ?? 0) - placeOf(meanConfidence))).toBeLessThan(1.5)
    expectBars(await placesOf(panel.locator('.recharts-bar-rectangle path')), bins, placeOf)
  })
})
