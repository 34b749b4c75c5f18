import type { Browser } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { Role } from '#lib/platform/permissions.ts'
import { settled, startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { openSession } from '#tests/support/browser-site.ts'

const site = inject('browserSite')

let browser: Browser
let visitor: Visitor
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  visitor = await visit(browser, site, null)
})
afterEach(() => visitor.close())

const person = (role: Role) => site.users.find((user) => user.role === role) ?? { email: '', password: '' }

async function fillIn({ email, password }: { email: string; password: string }): Promise<void> {
  await visitor.page.getByLabel('E-mail').fill(email)
  await visitor.page.getByLabel('Password', { exact: true }).fill(password)
}
const submit = () => visitor.page.getByRole('button', { name: 'Sign in' }).click()
const placeOf = (address: string) => new URL(address).pathname + new URL(address).search

describe('the sign-in', () => {
  it('says what to do about a wrong password, keeps the address typed, and takes the right one then', async () => {
    const { page } = visitor
    const { email, password } = person('reviewer')
    await visitor.open('/login')
    await fillIn({ email, password: 'not-my-password' })
    await submit()
    await page.getByRole('alert').filter({ hasText: 'password is wrong' }).waitFor()
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email)
    expect(visitor.faults()).toEqual([`401 ${site.url}/api/auth/sign-in/email`])
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname !== '/login')
    await settled(page)
    expect(visitor.faults()).toEqual([])
  })

  it('leads each role to a page that it may open', async () => {
    for (const user of site.users) {
      const each = await visit(browser, site, null)
      await each.open('/login')
      await each.page.getByLabel('E-mail').fill(user.email)
      await each.page.getByLabel('Password', { exact: true }).fill(user.password)
      await each.page.getByRole('button', { name: 'Sign in' }).click()
      await each.page.waitForURL((url) => url.pathname !== '/login')
      await settled(each.page)
      expect([user.role, new URL(each.page.url()).pathname]).not.toContain('/no-access')
      expect([user.role, each.faults()]).toEqual([user.role, []])
      await each.close()
    }
  })

  it('leads back to the very view that was asked for, and never to another site', async () => {
    const view = `/evaluation-runs/${site.runs[1]}?outcome=wrong&matrix=share`
    await visitor.open(view)
    expect(placeOf(visitor.page.url())).toBe(`/login?next=${encodeURIComponent(view)}`)
    await fillIn(person('ml-lead'))
    await submit()
    await visitor.page.waitForURL((url) => url.pathname.startsWith('/evaluation-runs'))
    expect(placeOf(visitor.page.url())).toBe(view)

    await visitor.context.clearCookies()
    await visitor.open(`/login?next=${encodeURIComponent('//example.org/taken')}`)
    await fillIn(person('ml-lead'))
    await submit()
    await visitor.page.waitForURL((url) => url.pathname !== '/login')
    expect(new URL(visitor.page.url()).origin).toBe(site.url)
  })

  it('is what comes when a session has ended while a page was open, and the same view comes afterwards', async () => {
    const { page, context } = visitor
    await context.addCookies([await openSession(site.url, person('ml-lead'))])
    const view = '/evaluation-runs?status=succeeded'
    await visitor.open(view)
    const shown = placeOf(page.url())
    const status = await page.evaluate(
      async () => (await fetch('/api/auth/sign-out', { method: 'POST' })).status,
    )
    expect(status).toBe(204)
    await page.getByRole('link', { name: 'Launch an evaluation' }).click()
    await page.waitForURL((url) => url.pathname === '/login')
    await page.goBack()
    await page.reload()
    await page.waitForURL((url) => url.pathname === '/login')
    expect(new URL(page.url()).searchParams.get('next')).toBe(shown)
    await fillIn(person('ml-lead'))
    await submit()
    await page.waitForURL((url) => url.pathname !== '/login')
    await settled(page)
    expect(placeOf(page.url())).toBe(shown)
  })

  it('is shown after signing out, and going back shows nothing of before', async () => {
    const { page, context } = visitor
    await context.addCookies([await openSession(site.url, person('ml-lead'))])
    await visitor.open('/')
    await page.getByRole('button', { name: 'Your account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL((url) => url.pathname === '/login')
    await page.goBack()
    await page.waitForURL((url) => url.pathname === '/login')
    await page.getByLabel('E-mail').waitFor()
  })
})
