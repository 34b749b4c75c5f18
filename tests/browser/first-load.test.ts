import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, Page, Response } from '@playwright/test'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import type { Role } from '#lib/platform/permissions.ts'
import { startBrowser, visit } from '#tests/support/browser.ts'
import { findImageId } from './find-image.ts'
import { DASHBOARD_PAGES, roleFor } from './pages.ts'

const site = inject('browserSite')

/** A second over a line of 2.5 Mbit/s. */
const MOST_KB = 300
/** What a page fetches by itself, it has begun to fetch by then. */
const REST_MS = 500

let browser: Browser
let imageId: number
beforeAll(async () => {
  browser = await startBrowser()
  imageId = await findImageId(site)
})
afterAll(() => browser?.close())

type Load = { page: string; firstKb: number; laterKb: number }

/** The scripts that the document itself names, and those that were fetched later without an action. */
async function measureLoad(place: string, role: Role | null, address: string): Promise<Load> {
  const visitor = await visit(browser, site, role)
  const scripts: Response[] = []
  visitor.page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response)
  })
  await visitor.open(address)
  await delay(REST_MS) // the event stream never ends, so the network is never idle
  const named = await namedScripts(visitor.page, address)
  const load = { page: `/${place}`, firstKb: 0, laterKb: 0 }
  for (const response of scripts) {
    const { responseBodySize } = await response.request().sizes()
    const first = named.includes(new URL(response.url()).pathname)
    load[first ? 'firstKb' : 'laterKb'] += responseBodySize / 1000
  }
  await visitor.close()
  return { page: load.page, firstKb: Math.round(load.firstKb), laterKb: Math.round(load.laterKb) }
}

/** As a tag or within the data of React: either is fetched before the page can be used. */
async function namedScripts(page: Page, address: string): Promise<string[]> {
  const html = await (await page.context().request.get(address)).text()
  return [...html.matchAll(/(?:\/_next\/)?static\/chunks\/[\w./~-]+?\.js/g)].map(([found]) =>
    found.startsWith('/') ? found : `/_next/${found}`,
  )
}

it(`fetches at most ${MOST_KB} kB of scripts for the first view of each page`, async () => {
  const loads: Load[] = [await measureLoad('login', null, '/login')]
  for (const page of DASHBOARD_PAGES)
    loads.push(await measureLoad(page.place, roleFor(page), page.address(site, imageId)))
  console.table(loads)
  expect(loads.every(({ firstKb }) => firstKb > 50)).toBe(true) // else nothing was measured
  expect(loads.filter(({ firstKb }) => firstKb > MOST_KB)).toEqual([])
}, 300_000)
