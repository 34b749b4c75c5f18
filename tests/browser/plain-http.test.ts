import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { DemoCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { settled, startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import type { BrowserSite } from '#tests/support/browser-site.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { modelFolderForm, scanFolder, serviceApi, uploadVersion } from '#tests/support/service-api.ts'
import { makePng } from '#tests/support/test-images.ts'

// Under any name but that of loopback, browsers keep what they call secure contexts from plain HTTP:
// `crypto.randomUUID`, the clipboard and more are missing. Many a hospital serves its intranet so.

const HOST_NAME = 'reader.intranet.example'
const { imagesFolder } = inject('browserSite')

let instance: Instance
let browser: Browser
let intranet: string
let cookie: BrowserSite['sessions']['ml-lead']
let visitor: Visitor
let page: Page
beforeAll(async () => {
  instance = await startInstance({ hostName: HOST_NAME, env: { DATASET_ROOTS: path.dirname(imagesFolder) } })
  intranet = instance.url.replace('127.0.0.1', HOST_NAME)
  await furnish()
  browser = await startBrowser({ hostName: HOST_NAME })
  cookie = await signIn()
})
afterAll(async () => {
  await browser?.close()
  await instance?.stop()
})
beforeEach(async () => {
  visitor = await visit(browser, { url: intranet, sessions: { 'ml-lead': cookie } }, 'ml-lead')
  page = visitor.page
})
afterEach(async () => {
  await visitor.close()
})

async function furnish(): Promise<void> {
  const api = serviceApi(instance)
  for (const version of ['v1', 'v2'])
    await uploadVersion(api, await modelFolderForm(path.join('demo', 'models', version)))
  await scanFolder(api, 'reading_room', imagesFolder)
}

/** By the form, as a person does; gives the session's cookie, which the browser then holds beside its device's. */
async function signIn(): Promise<BrowserSite['sessions']['ml-lead']> {
  const each = await visit(browser, { url: intranet, sessions: {} }, null)
  const credentials: DemoCredentials = JSON.parse(
    readFileSync(path.join(instance.dataDir, 'demo-credentials.json'), 'utf8'),
  )
  const person = credentials.users.find(({ role }) => role === 'ml-lead')
  await each.open('/login')
  await each.page.getByLabel('E-mail').fill(person?.email ?? '')
  await each.page.getByLabel('Password', { exact: true }).fill(person?.password ?? '')
  await each.page.keyboard.press('Enter')
  await each.page.waitForURL((url) => url.pathname !== '/login')
  await settled(each.page)
  const held = await each.context.cookies()
  expect(held.map(({ name }) => name.split('.').at(-1)).sort()).toEqual(['device', 'session'])
  for (const cookie of held)
    expect(cookie).toMatchObject({ domain: HOST_NAME, httpOnly: true, sameSite: 'Lax', secure: false })
  expect(each.faults()).toEqual([])
  await each.close()
  const session = held.find(({ name }) => name.endsWith('.session'))
  return { name: session?.name ?? '', value: session?.value ?? '', url: intranet }
}

const press = (name: string | RegExp) => page.getByRole('button', { name }).click()

/** What the page's next POST to this path is answered with. */
const nextReply = (pathname: string) =>
  page.waitForResponse(
    (response) => response.request().method() === 'POST' && new URL(response.url()).pathname === pathname,
  )

describe('over plain HTTP under an intranet name', () => {
  it('is no secure context, or this file would prove nothing', async () => {
    await visitor.open('/')
    expect(await page.evaluate(() => [isSecureContext, 'randomUUID' in crypto])).toEqual([false, false])
    expect(visitor.faults()).toEqual([])
  })

  it('a dataset is registered', async () => {
    await visitor.open('/datasets?add=register')
    await page.getByRole('textbox', { name: 'Name' }).fill('registered')
    await page.getByRole('textbox', { name: 'Location' }).fill(imagesFolder)
    await press('Register and scan')
    await page.waitForURL((url) => url.pathname === '/datasets/registered')
    await settled(page)
    expect(visitor.faults()).toEqual([])
  })

  it('a dataset whose scan did not start is scanned when its form is sent again', async () => {
    await visitor.open('/datasets?add=register')
    await page.getByRole('textbox', { name: 'Name' }).fill('sent-twice')
    await page.getByRole('textbox', { name: 'Location' }).fill(imagesFolder)
    await page.route('**/api/datasets/sent-twice/snapshots', (route) => route.abort('connectionreset'))
    await press('Register and scan')
    await page.getByRole('alert').filter({ hasText: 'cannot be reached' }).waitFor()
    await page.unroute('**/api/datasets/sent-twice/snapshots')
    const scan = nextReply('/api/datasets/sent-twice/snapshots')
    await press('Register and scan')
    expect((await scan).ok()).toBe(true)
    await page.waitForURL((url) => url.pathname === '/datasets/sent-twice')
  })

  it('a dataset is scanned again', async () => {
    await visitor.open('/datasets/reading_room')
    const scan = nextReply('/api/datasets/reading_room/snapshots')
    await press('Scan again')
    expect((await scan).ok()).toBe(true)
    expect(visitor.faults()).toEqual([])
  })

  it('images are uploaded into a new dataset', async () => {
    await visitor.open('/datasets?add=upload')
    const images = [10, 90].map((shade) => ({
      name: `${shade}.png`,
      mimeType: 'image/png',
      buffer: makePng({ width: 64, height: 64, shade, note: `${shade}` }),
    }))
    await page.locator('input[type=file]:not([webkitdirectory])').setInputFiles(images)
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('uploaded')
    await page.getByRole('combobox', { name: /^Finding class of/ }).fill('lung-covid')
    const scan = nextReply('/api/datasets/uploaded/snapshots')
    await press('Upload')
    expect((await scan).ok()).toBe(true)
    expect(visitor.faults()).toEqual([])
  })

  it('an evaluation is launched once, however often its form is sent, and anew when the form was edited', async () => {
    await visitor.open('/evaluation-runs/new?dataset=reading_room')
    const keys: (string | undefined)[] = []
    await page.route('**/api/evaluation-runs', async (route) => {
      keys.push(route.request().headers()['idempotency-key'])
      await route.abort('connectionreset')
    })
    const failed = page.getByRole('alert').filter({ hasText: 'cannot be reached' })
    for (let attempt = 0; attempt < 2; attempt++) {
      await press('Launch')
      await failed.waitFor()
    }
    await page.getByRole('combobox', { name: 'Model version' }).click()
    await page.getByRole('option', { name: /v1/ }).click()
    await failed.waitFor({ state: 'hidden' })
    await press('Launch')
    await failed.waitFor()
    expect(keys).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}$/),
      keys[0],
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ])
    expect(keys[2]).not.toBe(keys[0])
    await page.unroute('**/api/evaluation-runs')
    visitor.faults() // the connections that were cut above
    await press('Launch')
    await page.waitForURL((url) => /^\/evaluation-runs\/[0-9a-f-]{36}$/.test(url.pathname))
    await settled(page)
    expect(visitor.faults()).toEqual([])
  })

  it('the other pages with something to send or copy open without a fault', async () => {
    for (const address of [
      '/model-versions/new',
      '/model-versions/import',
      '/settings/api-keys',
      '/try-an-image',
    ]) {
      await visitor.open(address)
      expect([address, visitor.faults()]).toEqual([address, []])
    }
  })
})
