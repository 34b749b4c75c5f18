import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { settled, startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { present } from '#tests/support/present.ts'
import { evaluate, getMetrics, serviceApi } from '#tests/support/service-api.ts'

const site = inject('browserSite')
const [baseline, candidate] = site.versions
const versions = { baseline, candidate, dataset: site.dataset }
const pair = new URLSearchParams(versions).toString()

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

const compared = (more: { baseline?: string; candidate?: string; accuracyFloor?: number } = {}) =>
  dataOf(api.GET('/api/model-comparisons', { params: { query: { ...versions, ...more } } }))
const images = () => page.locator('#images')
const points = (difference: number | null) =>
  `${present(difference) < 0 ? '−' : '+'}${(Math.abs(present(difference)) * 100).toFixed(1)}`

describe('a comparison', () => {
  it('is one press away from an evaluation, with the version as candidate', async () => {
    await visitor.open(`/evaluation-runs/${site.runs[1]}`)
    await page.getByRole('link', { name: 'Compare', exact: true }).last().click()
    await page.waitForURL(`**/compare?candidate=${candidate}&dataset=${site.dataset}`)
    expect(await page.getByLabel('Candidate', { exact: true }).inputValue()).toBe(candidate)
    expect(await page.getByLabel('Baseline', { exact: true }).inputValue()).toBe(baseline)
  })

  it('says what the API says: verdict, numbers, and the images of each kind', async () => {
    await visitor.open(`/compare?${pair}`)
    const { headline, difference, paired, findingClasses, confusion } = await compared()
    await page.getByText(headline).waitFor()
    const accuracy = page.getByRole('row', { name: /^Accuracy/ }).first()
    expect(await accuracy.textContent()).toContain(points(difference.value))
    expect(await accuracy.textContent()).toContain(`${points(difference.low)} to ${points(difference.high)}`)
    for (const [name, count] of [
      ['fixed', paired.candidateOnly],
      ['broken', paired.baselineOnly],
      ['incorrect in both', paired.bothWrong],
    ]) {
      await page.getByRole('link', { name: `${count} images ${name}: show them` }).click()
      await images().getByText(`${count} images`, { exact: true }).waitFor()
    }
    const table = page.getByRole('region', { name: 'Sensitivity by class' })
    for (const { findingClass, holmP } of findingClasses) {
      const row = table.getByRole('row', { name: new RegExp(`^${findingClass}`) })
      expect(await row.getByRole('cell').last().textContent()).toBe(
        present(holmP) < 0.001 ? '< 0.001' : present(holmP).toFixed(3),
      )
    }
    const cells = page.getByRole('region', { name: 'Change of the confusion matrix' }).getByRole('cell')
    const shown = (await cells.allTextContents()).map((text) => Number(text.replace('−', '-')))
    expect(shown).toEqual(confusion.delta.flat())
    expect(visitor.faults()).toEqual([])
  })

  it('opens an image with both versions beside each other, and goes through the list by key', async () => {
    const query = { ...versions, outcome: 'fixed', sort: 'change', limit: 3 } as const
    const { items } = await dataOf(api.GET('/api/model-comparisons/images', { params: { query } }))
    const [first, second] = [present(items[0]), present(items[1])]
    await visitor.open(`/compare?${pair}&outcome=fixed`)
    await images().getByRole('gridcell').getByRole('link').first().click()
    await page.waitForURL((url) => url.pathname === `/images/${first.imageId}`)
    const heading = page.getByRole('heading', { name: 'Baseline and candidate' })
    const both = page.locator('section').filter({ has: heading }).first()
    await both.getByText(first.baseline.predictedClass).first().waitFor()
    await both.getByText(first.candidate.predictedClass).first().waitFor()
    await settled(page)
    await page.keyboard.press('ArrowRight')
    await page.waitForURL((url) => url.pathname === `/images/${second.imageId}`)
    await settled(page)
    await page.getByRole('link', { name: `the comparison on ${site.dataset}` }).click()
    await page.waitForURL((url) => url.pathname === '/compare')
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('fixed')
    expect(visitor.faults()).toEqual([])
  })

  it('tries other rules of the gate, which the address holds', async () => {
    await visitor.open(`/compare?${pair}`)
    await page.getByLabel('Minimum accuracy').fill('99.9')
    await page.getByRole('button', { name: 'Apply', exact: true }).click()
    await page.waitForURL(/accuracyFloor=0.999/)
    const [reason] = (await compared({ accuracyFloor: 0.999 })).gate.reasons
    await page.getByText('Does not pass').waitFor()
    await page.getByText(present(reason)).waitFor()
    expect(visitor.faults()).toEqual([])
  })

  it('exchanges the versions, and turns the differences around', async () => {
    await visitor.open(`/compare?${pair}`)
    await page.getByRole('button', { name: 'Swap baseline and candidate' }).click()
    await page.waitForURL((url) => url.searchParams.get('candidate') === baseline)
    const { headline } = await compared({ baseline: candidate, candidate: baseline })
    await page.getByText(headline).waitFor()
  })

  it('is exported as the API gives it', async () => {
    await visitor.open(`/compare?${pair}`)
    await page.getByRole('heading', { name: 'Summary', exact: true }).waitFor()
    const saved = async (item: string) => {
      await page.getByRole('button', { name: 'Export' }).click()
      const download = page.waitForEvent('download')
      await page.getByRole('menuitem', { name: item }).click()
      return await readFile(await (await download).path(), 'utf8')
    }
    expect(JSON.parse(await saved('Metrics (JSON)'))).toEqual(await compared())
    const lines = (await saved('Images (CSV)')).trim().split('\r\n')
    expect(lines).toHaveLength((await compared()).n + 1)
  })

  it('shows what a temperature fitted on another dataset would do', async () => {
    const run = await evaluate(api, baseline, site.unevaluated)
    expect(run.status).toBe('succeeded')
    const judged = (await compared()).baseline
    const params = { path: { id: judged.evaluationRunId }, query: { fittedOn: run.id } }
    const preview = await dataOf(api.GET('/api/evaluation-runs/{id}/temperature', { params }))
    await visitor.open(`/compare?${pair}`)
    await page.getByLabel(`Fit the temperature of ${judged.label} on`).selectOption(site.unevaluated)
    await page.getByText(`Temperature ${preview.temperature.toFixed(2)}, fitted on`).waitFor()
    const losses = page.getByRole('row', { name: 'Log loss' })
    expect(await losses.getByRole('cell').allTextContents()).toEqual([
      present(preview.before.logLoss).toFixed(3),
      present(preview.after.logLoss).toFixed(3),
    ])
    expect(visitor.faults()).toEqual([])
  })

  it('of a version that was not evaluated there says so, and what to do', async () => {
    await visitor.open(
      `/compare?baseline=${baseline}&candidate=${site.hostile.version}&dataset=${site.dataset}`,
    )
    await page.getByRole('alert').getByText('evaluate it there first').waitFor()
    await page.getByRole('link', { name: `Evaluate on ${site.dataset}` }).waitFor()
    expect(await page.getByRole('region', { name: 'All versions' }).isVisible()).toBe(true)
  })

  it('of a dataset without evaluations has nothing to compare, and says what it needs', async () => {
    await visitor.open('/compare?dataset=nowhere')
    await page.getByText('A comparison needs two model versions').waitFor()
    expect(visitor.faults()).toEqual([])
  })
})

describe('predictions made elsewhere', () => {
  const csv = (text: string) => ({ name: 'elsewhere.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  const chosen = async (text: string) => {
    await visitor.open('/model-versions/import')
    await page.locator('input[type="file"]').setInputFiles(csv(text))
  }

  it('are imported from what an evaluation exports, and give the same numbers', async () => {
    const headers = { authorization: `Bearer ${site.apiKey}`, accept: 'text/csv' }
    const exported = await fetch(`${site.url}/api/evaluation-runs/${site.runs[0]}/predictions`, { headers })
    const metrics = await getMetrics(api, site.runs[0])
    await chosen(await exported.text())
    await page.getByText(`${metrics.n} predictions found`).waitFor()
    await page.getByLabel('Model name').fill('elsewhere')
    await page.getByRole('combobox', { name: 'Dataset' }).fill(site.dataset)
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.waitForURL(/evaluation-runs\/[0-9a-f-]{36}$/)
    const imported = new URL(page.url()).pathname.split('/').at(-1)
    expect((await getMetrics(api, imported ?? '')).overall).toEqual(metrics.overall)
    expect(visitor.faults()).toEqual([])
  })

  it('that make no sense are refused by their line, before or after they were sent', async () => {
    await chosen('imageKey,referenceClass,a,b\na/1.png,a,0.5,0.5\na/2.png,c,1,0')
    await page.getByText('Line 3: the reference class “c” has no column.').waitFor()
    expect(await page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
    await chosen('imageKey,referenceClass,a,b\na/1.png,a,0.5,0.5\na/2.png,b,0.9,0.9')
    await page.getByLabel('Model name').fill('elsewhere')
    await page.getByRole('combobox', { name: 'Dataset' }).fill('no such dataset')
    await page.keyboard.press('Tab')
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('alert').getByText('Import failed').waitFor()
    await page
      .getByRole('alert')
      .getByText(/a\/2\.png|Line 3/)
      .waitFor()
  })
})
