import { globSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { NAVIGATION } from '#app/_shell/navigation.ts'
import { mayDo, ROLES, type Role } from '#lib/platform/permissions.ts'
import { startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { findImageId } from './find-image.ts'
import { DASHBOARD_PAGES, type DashboardPage } from './pages.ts'

const site = inject('browserSite')
const DASHBOARD = path.join(import.meta.dirname, '..', '..', 'app', '(dashboard)')

let browser: Browser
let imageId: number
beforeAll(async () => {
  browser = await startBrowser()
  imageId = await findImageId(site)
})
afterAll(() => browser?.close())

const mayOpen = (role: Role, { permission }: DashboardPage) =>
  permission === null || mayDo([role], permission)

/** Where an address leads, in a word. */
async function outcomeOf(visitor: Visitor, address: string): Promise<string> {
  await visitor.open(address)
  const { pathname } = new URL(visitor.page.url())
  if (pathname === '/login') return 'sign-in'
  return pathname === '/no-access' && address !== '/no-access' ? 'no access' : 'opens'
}

it('every page of the dashboard is in the list of pages', () => {
  const files = globSync('**/page.tsx', { cwd: DASHBOARD })
  const places = files.map((file) => path.dirname(file)).map((place) => (place === '.' ? '' : place))
  expect(DASHBOARD_PAGES.map(({ place }) => place).sort()).toEqual(places.sort())
})

describe.each(ROLES)('for the role %s', (role) => {
  let visitor: Visitor
  beforeAll(async () => {
    visitor = await visit(browser, site, role)
  })
  afterAll(() => visitor?.close())

  it('every page opens without a fault, or says that the role does not open it', async () => {
    const outcomes: Record<string, unknown> = {}
    const expected: Record<string, unknown> = {}
    for (const each of DASHBOARD_PAGES) {
      const address = each.address(site, imageId)
      outcomes[each.place] = [await outcomeOf(visitor, address), visitor.faults()]
      expected[each.place] = [mayOpen(role, each) ? 'opens' : 'no access', []]
    }
    expect(outcomes).toEqual(expected)
  })

  it('the navigation shows the pages that open and no other', async () => {
    await visitor.open('/settings/account')
    const links = visitor.page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
    const shown = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')))
    const opens = DASHBOARD_PAGES.filter((each) => mayOpen(role, each)).map(({ place }) => `/${place}`)
    const navigable = NAVIGATION.flatMap(({ items }) => items.map(({ address }) => address))
    expect(shown).toEqual(navigable.filter((address) => opens.includes(address)))
  })
})

it('a visitor who is not signed in is led to the sign-in from every page, and told nothing else', async () => {
  const visitor = await visit(browser, site, null)
  for (const each of DASHBOARD_PAGES) {
    const address = each.address(site, imageId)
    expect([each.place, await outcomeOf(visitor, address)]).toEqual([each.place, 'sign-in'])
    const next = new URL(visitor.page.url()).searchParams.get('next')
    expect(next).toBe(address === '/' ? null : address)
    expect(visitor.faults()).toEqual([])
  }
  await visitor.close()
})
