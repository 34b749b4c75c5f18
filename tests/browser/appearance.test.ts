import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { NARROW, settled, startBrowser, type Visitor, visit, WIDE } from '#tests/support/browser.ts'
import { present } from '#tests/support/present.ts'
import { serviceApi } from '#tests/support/service-api.ts'
import { findImageId } from './find-image.ts'
import { DASHBOARD_PAGES, roleFor } from './pages.ts'

const site = inject('browserSite')

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

/** In dark colours nothing but colours differs: contrast is looked at again, the rest once at each width. */
async function violations(page: Page, what: 'everything' | 'colours'): Promise<string[]> {
  const axe = new AxeBuilder({ page })
  if (what === 'colours') axe.withRules(['color-contrast', 'link-in-text-block'])
  const { violations } = await axe.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
  )
}

/** What is wrong with the page in both widths and both colour schemes, by the view that shows it. */
async function lookAtPage({ page, faults }: Visitor): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [width, viewport] of Object.entries({ wide: WIDE, narrow: NARROW })) {
    await page.setViewportSize(viewport)
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor()
      await settled(page)
      found[`${width}, ${scheme}`] = await violations(page, scheme === 'light' ? 'everything' : 'colours')
    }
    found[`${width}, scrolls sideways`] = await sidewaysOverflow(page)
  }
  const headings = await page.getByRole('heading', { level: 1 }).allTextContents()
  found['headings of the first order'] = headings.length === 1 ? [] : headings
  found['title of the tab'] = /.+ · Second Reader$/.test(await page.title()) ? [] : [await page.title()]
  found.faults = faults()
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0))
}

describe('in light and dark, wide and narrow, nothing is wrong with', () => {
  it.each(DASHBOARD_PAGES.map((page) => [`/${page.place}`, page] as const))('%s', async (_place, each) => {
    const visitor = await visit(browser, site, roleFor(each))
    await visitor.open(each.address(site, await findImageId(site)))
    expect(await lookAtPage(visitor)).toEqual({})
    await visitor.close()
  })

  it.each([['an evaluation with hostile names', () => `/evaluation-runs/${site.hostile.run}`]])(
    '%s',
    async (_what, address) => {
      const visitor = await visit(browser, site, 'ml-lead')
      await visitor.open(address())
      expect(await lookAtPage(visitor)).toEqual({})
      await visitor.close()
    },
  )

  it('the sign-in and the pages that links open', async () => {
    const visitor = await visit(browser, site, null)
    const found: Record<string, unknown> = {}
    for (const address of ['/login', '/login?next=/datasets', ...(await linkAddresses())]) {
      await visitor.open(address)
      Object.assign(found, prefixed(address, await lookAtPage(visitor)))
    }
    expect(found).toEqual({})
    await visitor.close()
  })
})

it('chosen colours stay on the next page, without a complaint', async () => {
  const visitor = await visit(browser, site, 'ml-lead')
  await visitor.open('/')
  await visitor.page.getByRole('button', { name: 'Use dark colours' }).click()
  await visitor.open('/evaluation-runs')
  await visitor.page.getByRole('button', { name: 'Use light colours' }).waitFor()
  expect(await visitor.page.locator('html').getAttribute('data-mantine-color-scheme')).toBe('dark')
  expect(visitor.faults()).toEqual([])
  await visitor.close()
})

/** By how much, and what stands beyond the edge. */
async function sidewaysOverflow(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const overflow = document.documentElement.scrollWidth - window.innerWidth
    if (overflow <= 0) return []
    const beyond = [...document.querySelectorAll('body *')].filter(
      (each) => each.childElementCount === 0 && each.getBoundingClientRect().right > window.innerWidth + 1,
    )
    return [`by ${overflow} px`, ...beyond.slice(0, 5).map((each) => each.outerHTML.slice(0, 200))]
  })
}

const prefixed = (prefix: string, record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [`${prefix.slice(0, 30)} ${key}`, value]))

/** One open link of each purpose that there can be here, and one that opens nothing. */
async function linkAddresses(): Promise<string[]> {
  const api = serviceApi(site)
  const body = { email: 'looked-at@second-reader.example', roles: ['reviewer' as const] }
  const { invitation } = await dataOf(api.POST('/api/users', { body }))
  const users = await dataOf(api.GET('/api/users', { params: { query: { limit: 100 } } }))
  const reader = users.items.find(({ email }) => email.startsWith('read-only@'))
  const params = { path: { id: reader?.id ?? '' } }
  const reset = await dataOf(api.POST('/api/users/{id}/password-reset', { params }))
  return [
    present(invitation).url,
    reset.url,
    `${site.url}/accept-invitation?token=nothing`,
    `${site.url}/setup`,
  ]
}
