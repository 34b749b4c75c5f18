import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { settled, startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { getRun, serviceApi } from '#tests/support/service-api.ts'
import { focusedText } from './controls.ts'
import { findImageId } from './find-image.ts'

const site = inject('browserSite')
/** No user finds what is further away than this. */
const MOST_TABS = 60
const MOST_DOWNS = 30

let browser: Browser
let visitor: Visitor
let page: Page
beforeAll(async () => {
  browser = await startBrowser()
  visitor = await visit(browser, site, 'ml-lead')
  page = visitor.page
})
afterAll(() => browser?.close())
beforeEach(() => void visitor.faults())

const address = () => new URL(page.url()).pathname
const focusedTile = () => page.evaluate(() => document.activeElement?.getAttribute('data-tile') ?? null)

async function tabUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    if (await holds()) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never led to ${what}`)
}

it('leads past the navigation by the very first Tab', async () => {
  await visitor.open('/evaluation-runs')
  await page.keyboard.press('Tab')
  expect(await focusedText(page)).toBe('Skip to content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true)
})

describe('the command palette', () => {
  const targets = async (): Promise<[typed: string, title: string, leadsTo: string][]> => {
    const run = await getRun(serviceApi(site), site.runs[1])
    return [
      ['api k', 'API keys', '/settings/api-keys'],
      [run.versionLabel, run.versionLabel, `/model-versions/${site.versions[1]}`],
      [run.versionLabel, `${run.versionLabel} on ${site.dataset}`, `/evaluation-runs/${site.runs[1]}`],
      ['reading', site.unevaluated, `/datasets/${site.unevaluated}`],
    ]
  }

  it('finds pages, versions, evaluations and datasets, and opens them by keys alone', async () => {
    await visitor.open('/settings/account')
    for (const [typed, title, leadsTo] of await targets()) {
      await page.keyboard.press('Control+k')
      const search = page.getByRole('textbox', { name: 'Search' })
      await search.waitFor()
      await search.pressSequentially(typed)
      await page.locator('[data-action]').getByText(title, { exact: true }).first().waitFor()
      const chosen = page.locator('[data-selected] .mantine-Spotlight-actionLabel')
      for (let downs = 0; downs < MOST_DOWNS; downs++) {
        if ((await chosen.allTextContents())[0] === title) break
        await page.keyboard.press('ArrowDown')
      }
      await page.keyboard.press('Enter')
      await page.waitForURL((url) => url.pathname === leadsTo)
      await search.waitFor({ state: 'hidden' })
      await settled(page)
    }
    expect(visitor.faults()).toEqual([])
  })

  it('says so where nothing has the name, and closes by Escape', async () => {
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Search' }).pressSequentially('no such thing anywhere')
    await page.getByText('No results').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('textbox', { name: 'Search' }).waitFor({ state: 'hidden' })
  })
})

it('shows which keys there are by the question mark, and gives the focus back', async () => {
  await visitor.open('/model-versions')
  const link = page.getByRole('main').getByRole('link').first()
  await link.focus()
  await page.keyboard.press('Shift+?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'hidden' })
  expect(await link.evaluate((element) => element === document.activeElement)).toBe(true)
})

it('goes through a gallery by the arrow keys, and opens an image by Enter', async () => {
  await visitor.open(`/datasets/${site.dataset}?view=images`)
  await page.getByRole('gridcell').first().waitFor()
  const columns = Number(await page.getByRole('grid').getAttribute('aria-colcount'))
  await tabUntil('the gallery', async () => (await focusedTile()) === '0')
  const steps: [key: string, tile: number][] = [
    ['ArrowRight', 1],
    ['ArrowDown', 1 + columns],
    ['ArrowLeft', columns],
    ['ArrowUp', 0],
  ]
  for (const [key, tile] of steps) {
    await page.keyboard.press(key)
    await page.locator(`[data-tile="${tile}"]:focus`).waitFor()
  }
  await page.keyboard.press('End')
  const total = Number.parseInt((await page.getByText(/^\d+ images$/).textContent()) ?? '', 10)
  await page.locator(`[data-tile="${total - 1}"]:focus`).waitFor()
  await page.keyboard.press('Home')
  await page.locator('[data-tile="0"]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/images\/\d+$/)
  await settled(page)
  expect(visitor.faults()).toEqual([])
})

it('works on an image by single keys, which its own help names', async () => {
  const imageId = await findImageId(site)
  await visitor.open(`/images/${imageId}?run=${site.runs[1]}&outcome=right`)
  const invert = page.getByRole('button', { name: 'Invert (i)' })
  await page.keyboard.press('i')
  expect(await invert.getAttribute('aria-pressed')).toBe('true')
  await page.keyboard.press('r')
  expect(await invert.getAttribute('aria-pressed')).toBe('false')
  await page.keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard and mouse' })
  await help.waitFor()
  await page.keyboard.press('ArrowRight') // behind an open dialog no key acts
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'hidden' })
  expect(address()).toBe(`/images/${imageId}`)
  await page.keyboard.press('ArrowRight')
  await page.waitForURL((url) => url.pathname !== `/images/${imageId}`)
  await settled(page)
  await page.keyboard.press('ArrowLeft')
  await page.waitForURL((url) => url.pathname === `/images/${imageId}`)
  expect(visitor.faults()).toEqual([])
})
