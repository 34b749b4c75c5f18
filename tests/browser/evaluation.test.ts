import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { settled, startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { present } from '#tests/support/present.ts'
import { getMetrics, getRun, serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { choose } from './controls.ts'

const site = inject('browserSite')

let browser: Browser
let api: ApiClient
let visitor: Visitor
let page: Page
beforeAll(async () => {
  browser = await startBrowser()
  api = serviceApi(site)
  visitor = await visit(browser, site, 'ml-lead')
  page = visitor.page
})
afterAll(() => browser?.close())

type Wanted = { outcome?: 'right' | 'wrong'; sort?: 'confidence-desc'; limit: number }
/** Of the later version's run. */
const listPredictions = (query: Wanted) =>
  dataOf(api.GET('/api/evaluation-runs/{id}/predictions', { params: { path: { id: site.runs[1] }, query } }))
const shownRun = () => new URL(page.url()).pathname.split('/').at(-1) ?? ''
const card = (name: string) =>
  page.getByRole('listitem').filter({ has: page.getByText(name, { exact: true }) })

/** Launches by the form, and marks the document so that a reload would be seen. */
async function launch(versionId: string): Promise<void> {
  const params = { path: { id: versionId } }
  const version = await dataOf(api.GET('/api/model-versions/{id}', { params }))
  await visitor.open('/evaluation-runs')
  await page.getByRole('link', { name: 'Launch an evaluation' }).click()
  await page.waitForURL('**/evaluation-runs/new')
  await choose(page, 'Model version', version.label)
  await choose(page, 'Dataset', new RegExp(`^${site.unevaluated}`))
  await page.evaluate(() => Object.assign(globalThis, { notReloaded: true }))
  await page.getByRole('button', { name: 'Launch' }).click()
  await page.waitForURL((url) => /\/evaluation-runs\/[0-9a-f-]{36}$/.test(url.pathname))
}
const wasNotReloaded = () => page.evaluate(() => 'notReloaded' in globalThis)

/** With the evaluator stopped meanwhile, so that the run is under way for as long as the page is looked at. */
async function whileEvaluatorRests(look: () => Promise<void>): Promise<void> {
  process.kill(site.processes.evaluator, 'SIGSTOP')
  try {
    await look()
  } finally {
    process.kill(site.processes.evaluator, 'SIGCONT')
  }
}

describe('an evaluation', () => {
  it('is cancelled while it is under way, and the page says what became of it', async () => {
    await whileEvaluatorRests(async () => {
      await launch(site.versions[0])
      await page
        .getByRole('progressbar', { name: 'Progress of the evaluation' })
        .waitFor({ state: 'attached' })
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('button', { name: 'Cancel evaluation' }).click()
      await page.getByText('This evaluation was cancelled').waitFor()
    })
    expect(await wasNotReloaded()).toBe(true)
    expect((await getRun(api, shownRun())).status).toBe('cancelled')
    expect(visitor.faults()).toEqual([])
  })

  it('is launched by the form, shows its progress, and then its numbers, by itself', async () => {
    await whileEvaluatorRests(async () => {
      await launch(site.versions[1])
      await page
        .getByRole('progressbar', { name: 'Progress of the evaluation' })
        .waitFor({ state: 'attached' })
      await page.getByText(/^0 of \d+ images$/).waitFor()
    })
    await card('Accuracy').waitFor()
    expect(await wasNotReloaded()).toBe(true)
    await settled(page)
    expect(visitor.faults()).toEqual([])
  })

  it('has the same accuracy on its page, in the API, in the exported rows and on /metrics', async () => {
    const runId = shownRun()
    const run = await getRun(api, runId)
    const metrics = await getMetrics(api, runId)
    const { accuracy } = metrics.overall
    expect(accuracy).toBeGreaterThan(0.2)
    expect(accuracy).toBeLessThan(1)

    const rows = await exportedRows()
    const right = rows.filter(({ referenceClass, predictedClass }) => referenceClass === predictedClass)
    expect([rows.length, right.length / rows.length]).toEqual([metrics.n, accuracy])

    const text = await (await fetch(`${site.url}/metrics`)).text()
    const { versionLabel } = run
    const series = `second_reader_evaluation_accuracy{dataset="${run.dataset}",model_version="${versionLabel}"}`
    expect(text).toContain(`${series} ${accuracy}\n`)
    expect(text).toContain(`model_overall_accuracy{dataset="${run.dataset}"} ${accuracy}\n`)

    const { low, high } = metrics.intervals.accuracy
    const percent = (ratio: number | null) => (present(ratio) * 100).toFixed(1)
    const shown = ((await card('Accuracy').textContent()) ?? '').replaceAll(/\s+/g, ' ')
    expect(shown).toContain(`${percent(accuracy)}%`)
    expect(shown).toContain(`${percent(low)}–${percent(high)}%`)
    expect(shown).toContain(`n = ${metrics.n}`)
  })

  it('counts in each cell of its confusion matrix the images that the cell opens', async () => {
    const cells = page.getByRole('region', { name: 'Confusion matrix' }).getByRole('link')
    const seen = { images: 0, wrong: 0 }
    for (const cell of await cells.all()) {
      const label = (await cell.getAttribute('aria-label')) ?? ''
      const [, count, referenceClass, predictedClass] =
        /^([\d,]+) of [\d,]+ images of (\S+), .* predicted as (\S+):/.exec(label) ?? []
      await cell.click()
      await expectGallery(Number(count))
      const query = new URL(page.url()).searchParams
      expect([label, query.get('referenceClass'), query.get('predictedClass')]).toEqual([
        label,
        referenceClass,
        predictedClass,
      ])
      seen.images += Number(count)
      seen.wrong += referenceClass === predictedClass ? 0 : 1
    }
    const metrics = await getMetrics(api, shownRun())
    expect(seen.images).toBe(metrics.n)
    expect(seen.wrong).toBeGreaterThan(0)
    expect(visitor.faults()).toEqual([])
  })
})

/** The gallery says this number, and has as many images (the rows far below are drawn once they are near). */
async function expectGallery(count: number): Promise<void> {
  const images = page.locator('#images')
  await images.getByText(`${count} ${count === 1 ? 'image' : 'images'}`, { exact: true }).waitFor()
  await images.locator('[aria-busy="false"]').waitFor()
  const gallery = page.getByRole('grid', { name: 'Images of the evaluation' })
  const columns = Number(await gallery.getAttribute('aria-colcount'))
  expect(await gallery.getAttribute('aria-rowcount')).toBe(String(Math.ceil(count / columns)))
  if (count <= columns) expect(await gallery.getByRole('gridcell').count()).toBe(count)
}

describe('an evaluation in parts', () => {
  const shownRows = async (name: string) => {
    const table = page.getByRole('region', { name: `Accuracy by ${name}` })
    await table.waitFor()
    return await table
      .getByRole('row')
      .filter({ has: page.getByRole('cell') })
      .allTextContents()
  }
  const percent = (ratio: number | null) => `${(present(ratio) * 100).toFixed(1)}%`

  it('shows what the API counts', async () => {
    await visitor.open(`/evaluation-runs/${site.runs[1]}`)
    await page.getByLabel('Subgroups by').selectOption('size')
    const params = { path: { id: site.runs[1] }, query: { by: 'size' } } as const
    const { slices } = await dataOf(api.GET('/api/evaluation-runs/{id}/slices', { params }))
    const rows = await shownRows('Image size')
    expect(rows).toHaveLength(slices.length)
    for (const [at, { name, accuracy }] of slices.entries()) {
      expect(rows[at]).toContain(name)
      expect(rows[at]).toContain(percent(accuracy.value))
    }
    expect(new URL(page.url()).searchParams.get('slice')).toBe('size')
  })

  it('counts by a column of one’s own table, and says what is wrong with another', async () => {
    await page.getByLabel('Subgroups by').selectOption('table')
    const { items } = await listPredictions({ limit: 40 })
    const lines = items.map(({ imageKey }, i) => `${imageKey},${i % 2 ? 'X' : 'Y'}`)
    const choose = (text: string) =>
      page
        .locator('#parts input[type="file"]')
        .setInputFiles({ name: 'table.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
    await choose('key,device\na,b')
    await page.getByText('The column imageKey is missing.').waitFor()
    await choose(`imageKey,device\n${lines.join('\n')}\n`)
    const right = (parity: number) =>
      items.filter((row, i) => i % 2 === parity && row.referenceClass === row.predictedClass).length / 20
    const rows = await shownRows('device')
    expect(rows).toHaveLength(2)
    expect(rows[0]).toContain(percent(right(1)))
    expect(rows[1]).toContain(percent(right(0)))
    expect(visitor.faults()).toEqual([])
  })
})

describe('the address of an evaluation holds the view:', () => {
  const view = () => new URL(page.url()).search

  it('a reload shows the same images, matrix and curves', async () => {
    await visitor.open(`/evaluation-runs/${site.runs[1]}`)
    await page.getByLabel('Confusion matrix: what the cells show').getByText('Share of row').click()
    await page.locator('#images').getByText('Incorrect', { exact: true }).click()
    await page.getByLabel('Sort by').selectOption('Most confident first')
    const held = ['matrix=share', 'outcome=wrong', 'sort=confidence-desc']
    await page.getByText('Images predicted incorrectly.').waitFor()
    const shown = await tiles()
    await settled(page)
    await page.waitForURL((url) => held.every((part) => url.search.includes(part)))
    expect(shown.length).toBeGreaterThan(0)
    await page.reload()
    await settled(page)
    await page.getByRole('gridcell').first().waitFor()
    expect(await tiles()).toEqual(shown)
    for (const part of held) expect(view()).toContain(part)
    expect(await page.getByRole('radio', { name: 'Share of row' }).isChecked()).toBe(true)
    expect(await page.getByRole('radio', { name: 'Incorrect' }).isChecked()).toBe(true)
  })

  it('back from an image comes to the very view it was opened from', async () => {
    const before = view()
    await page.getByRole('gridcell').getByRole('link').first().click()
    await page.waitForURL('**/images/**')
    await settled(page)
    await page.goBack()
    await page.getByText('Images predicted incorrectly.').waitFor()
    expect(view()).toBe(before)
  })

  it('back takes a filter of the list away again', async () => {
    await visitor.open('/evaluation-runs')
    await choose(page, 'Status', 'cancelled')
    await page.waitForURL('**/evaluation-runs?status=cancelled')
    await page.goBack()
    await page.waitForURL('**/evaluation-runs')
    expect(await page.getByRole('combobox', { name: 'Status' }).inputValue()).toBe('')
    expect(visitor.faults()).toEqual([])
  })

  /** The gallery's first row, once it is of the list that was asked for: rows that are far away are not drawn. */
  const tiles = async () => {
    const { items } = await listPredictions({ outcome: 'wrong', sort: 'confidence-desc', limit: 1 })
    await page.locator('#images').evaluate((images) => images.scrollIntoView())
    const row = page.getByRole('row').and(page.locator('[aria-rowindex="1"]'))
    await row
      .getByRole('gridcell')
      .first()
      .filter({ hasText: present(items[0]).imageKey })
      .waitFor()
    return await row.getByRole('gridcell').allTextContents()
  }
})

describe('an image of an evaluation', () => {
  it('leads to the ones before and after it by the arrow keys, in the order of the list it was opened from', async () => {
    const query = 'outcome=right&sort=confidence-desc'
    const { items } = await listPredictions({ outcome: 'right', sort: 'confidence-desc', limit: 4 })
    const ids = items.map(({ imageId }) => String(imageId))
    await visitor.open(`/evaluation-runs/${site.runs[1]}?${query}`)
    await page.getByRole('grid', { name: 'Images of the evaluation' }).getByRole('link').first().click()
    await expectImage(ids[0])
    for (const [key, id] of [
      ['ArrowRight', ids[1]],
      ['ArrowRight', ids[2]],
      ['ArrowLeft', ids[1]],
    ]) {
      await page.keyboard.press(key ?? '')
      await expectImage(id)
    }
    expect(visitor.faults()).toEqual([])
  })

  /** Its page, with the picture itself drawn, not merely its place. */
  async function expectImage(id: string | undefined): Promise<void> {
    await page.waitForURL((url) => url.pathname === `/images/${id}`)
    await settled(page)
    const pictures = page.locator('main img, main canvas')
    await waitUntil('the picture is drawn', () =>
      pictures.evaluateAll((all) =>
        all.some((each) =>
          each instanceof HTMLImageElement ? each.complete && each.naturalWidth > 0 : true,
        ),
      ),
    )
  }
})

/** The file that the page's own menu saves. */
async function exportedRows(): Promise<Record<string, string>[]> {
  await page.getByRole('button', { name: 'Export' }).click()
  const saved = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Predictions (CSV)' }).click()
  const file = await (await saved).path()
  const [header = [], ...lines] = (await readFile(file, 'utf8'))
    .trim()
    .split('\r\n')
    .map((line) => line.split(','))
  return lines.map((line) => Object.fromEntries(header.map((name, column) => [name, line[column] ?? ''])))
}
