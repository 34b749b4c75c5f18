import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { startBrowser, visit } from '#tests/support/browser.ts'

const site = inject('browserSite')

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

const DAY_MS = 24 * 60 * 60 * 1000

it('a time range that ends now is reckoned where the visitor is, and held by the address', async () => {
  const visitor = await visit(browser, site, 'administrator')
  const { page } = visitor
  await visitor.open('/audit-log?from=2020-01-01T00:00:00.000Z&to=2020-01-02T00:00:00.000Z')
  await page.getByRole('button', { name: 'Time range' }).click()
  await page.getByRole('menuitem', { name: 'Last 24 hours' }).click()
  await page.waitForURL((url) => !url.searchParams.has('to'))
  const from = Date.parse(new URL(page.url()).searchParams.get('from') ?? '')
  expect(Math.abs(Date.now() - DAY_MS - from)).toBeLessThan(60_000)
  expect(visitor.faults()).toEqual([])
  await visitor.close()
})
