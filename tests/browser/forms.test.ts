import { readFile } from 'node:fs/promises'
import type { Browser, Locator, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { HOSTILE_MODEL } from '#tests/support/browser-site.ts'
import { present } from '#tests/support/present.ts'
import { serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { choose, faultOf } from './controls.ts'

// What is typed wrongly is told beside its field, and everything typed is still there afterwards.

const site = inject('browserSite')

let browser: Browser
let visitor: Visitor
let page: Page
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())
afterEach(() => visitor?.close())

async function openAs(role: Role | null, address: string): Promise<void> {
  visitor = await visit(browser, site, role)
  page = visitor.page
  await visitor.open(address)
}

/** By the name that a screen reader says: the star of a required field is no part of it. */
function field(name: string): Locator {
  const byRole = page.getByRole('textbox', { name, exact: true })
  const password = page.locator('input[type=password]').and(page.getByLabel(name, { exact: true }))
  return byRole.or(page.getByRole('combobox', { name, exact: true })).or(password)
}
const press = (name: string) => page.getByRole('button', { name, exact: true }).click()

async function fill(values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values)) await field(label).fill(value)
}

/** The fields say these things, and hold what was typed. */
async function expectFaults(faults: Record<string, string>, typed: Record<string, string>): Promise<void> {
  for (const [label, fault] of Object.entries(faults)) {
    await waitUntil(`${label} is called wrong`, async () => (await faultOf(field(label))) !== '', 10_000)
    expect([label, await faultOf(field(label))]).toEqual([label, expect.stringContaining(fault)])
  }
  for (const [label, value] of Object.entries(typed))
    expect([label, await field(label).inputValue()]).toEqual([label, value])
}

const own = (role: Role) => site.users.find((user) => user.role === role) ?? { email: '', password: '' }

describe('wrong input is told beside its field, and nothing typed is lost:', () => {
  it('inviting a user', async () => {
    await openAs('administrator', '/settings/users')
    await press('Invite user')
    const typed = { 'E-mail': 'no-address', Name: 'New Person' }
    await fill(typed)
    await press('Create invitation link')
    await expectFaults({ 'E-mail': 'valid e-mail address' }, typed)
    await page.getByText('Choose at least one').waitFor()
    const taken = { ...typed, 'E-mail': own('reviewer').email }
    await fill(taken)
    await page.getByRole('checkbox', { name: 'Reviewer' }).check()
    await press('Create invitation link')
    await expectFaults({ 'E-mail': '' }, taken)
    expect(await page.getByRole('checkbox', { name: 'Reviewer' }).isChecked()).toBe(true)
  })

  it('changing the password', async () => {
    await openAs('read-only', '/settings/account')
    const short = {
      'Current password': 'whatever it was',
      'New password': 'short',
      'Confirm password': 'short',
    }
    await fill(short)
    await press('Change password')
    await expectFaults({ 'New password': 'fewer than 12 characters' }, short)
    const differing = { ...short, 'New password': 'four unrelated words', 'Confirm password': 'three words' }
    await fill(differing)
    await press('Change password')
    await expectFaults({ 'Confirm password': 'Does not match' }, differing)
    const wrong = { ...differing, 'Confirm password': 'four unrelated words' }
    await fill(wrong)
    await press('Change password')
    await expectFaults({ 'Current password': '' }, wrong)
  })

  it('choosing a password by an invitation', async () => {
    const body = { email: 'invited@second-reader.example', roles: ['reviewer' as const] }
    const { invitation } = await dataOf(serviceApi(site).POST('/api/users', { body }))
    await openAs(null, present(invitation).url)
    const typed = { Name: 'Invited', Password: 'aaaaaaaaaaaaaa', 'Confirm password': 'aaaaaaaaaaaaaa' }
    await fill(typed)
    await page.getByRole('main').getByRole('button').last().click()
    await expectFaults({ Password: 'fewer than four different' }, typed)
  })

  it('making an API key', async () => {
    await openAs('ml-lead', '/settings/api-keys')
    await press('Create key')
    await choose(page, 'Expires after', '30 days')
    await fill({ Name: ' ' })
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
    await expectFaults({ Name: 'missing' }, {})
    expect(await page.getByRole('combobox', { name: 'Expires after' }).inputValue()).toBe('30 days')
    await page.getByRole('checkbox', { name: 'ML lead' }).uncheck()
    await fill({ Name: 'training pipeline' })
    await page.getByRole('dialog').getByRole('button', { name: 'Create key' }).click()
    await page.getByText('Choose at least one').waitFor()
    expect(await field('Name').inputValue()).toBe('training pipeline')
  })

  it('registering a dataset', async () => {
    await openAs('ml-lead', '/datasets?add=register')
    const typed = { Name: 'a name / of two', Location: '', 'Patient pattern': '(unclosed' }
    await fill(typed)
    await press('Register and scan')
    await expectFaults({ Name: 'letters', Location: 'Enter a location', 'Patient pattern': 'pattern' }, typed)
    const outside = { Name: 'somewhere', Location: 'file:/etc', 'Patient pattern': '^(\\d+)_' }
    await fill(outside)
    await press('Register and scan')
    await expectFaults({ Location: '/etc' }, outside)
    const taken = { ...outside, Name: site.dataset, Location: site.imagesFolder }
    await fill(taken)
    await press('Register and scan')
    await expectFaults({ Name: site.dataset }, taken)
  })

  it('uploading images', async () => {
    await openAs('ml-lead', '/datasets?add=upload')
    const images = page.locator('input[type=file]:not([webkitdirectory])')
    await images.setInputFiles([
      { name: 'chest.png', mimeType: 'image/png', buffer: Buffer.from('no image') },
    ])
    await fill({ Name: 'not a name' })
    await press('Upload')
    const findingClass = 'Finding class of the image without a folder'
    await expectFaults({ [findingClass]: 'Enter the finding class' }, { Name: 'not a name' })
    await fill({ [findingClass]: 'lung-covid' })
    await press('Upload')
    await expectFaults({ Name: 'letters' }, { Name: 'not a name', [findingClass]: 'lung-covid' })
  })

  it('launching an evaluation', async () => {
    await openAs('ml-lead', `/evaluation-runs/new?version=${site.hostile.version}&dataset=${site.dataset}`)
    await page.getByText('Unknown classes: ').waitFor()
    expect(await page.getByRole('button', { name: 'Launch' }).isDisabled()).toBe(true)
    const version = await page.getByRole('combobox', { name: 'Model version' }).inputValue()
    expect(version).toContain(HOSTILE_MODEL)

    await visitor.open(`/evaluation-runs/new?version=${site.hostile.version}&dataset=gone`)
    await press('Launch')
    const dataset = page.getByRole('combobox', { name: 'Dataset' })
    await waitUntil('the dataset is called missing', async () => (await faultOf(dataset)) !== '', 10_000)
    expect(await page.getByRole('combobox', { name: 'Model version' }).inputValue()).toBe(version)
  })

  it('uploading a model version', async () => {
    await openAs('ml-lead', '/model-versions/new')
    const files = page.locator('input[type=file]')
    const file = (name: string, content: string) => ({
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(content),
    })
    await files.nth(0).setInputFiles(file('broken.onnx', 'no model at all'))
    await files.nth(1).setInputFiles(file('model.json', '{ "name": '))
    await page.getByText('The file is not a JSON object.').waitFor()
    const card = await readFile('demo/models/v1/model.json', 'utf8')
    await files.nth(1).setInputFiles(file('model.json', card))
    await press('Upload and validate')
    await page.getByRole('alert').filter({ hasText: 'This is not an ONNX file' }).waitFor()
    for (const name of ['broken.onnx', 'model.json'])
      expect(await page.getByText(name, { exact: true }).last().isVisible()).toBe(true)
    expect(await page.getByRole('button', { name: 'Try again' }).isEnabled()).toBe(true)
  })
})
