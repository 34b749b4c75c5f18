import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { DemoCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { startBrowser, visit, WIDE } from '#tests/support/browser.ts'
import { openSession } from '#tests/support/browser-site.ts'
import { serviceApi } from '#tests/support/service-api.ts'

// The pictures of the README, of a demo that is running:
// `node scripts/take-pictures.ts [http://127.0.0.1:3000] [.data/demo-credentials.json]`

const FOLDER = path.join(import.meta.dirname, '..', 'docs', 'images')
const [url = 'http://127.0.0.1:3000', credentialsFile = '.data/demo-credentials.json'] = process.argv.slice(2)
const credentials: DemoCredentials = JSON.parse(readFileSync(credentialsFile, 'utf8'))
const lead = credentials.users.find(({ role }) => role === 'ml-lead')
if (lead === undefined) throw new Error(`${credentialsFile} names no ML lead`)

const api = serviceApi({ url, apiKey: credentials.apiKey })
const succeeded = { params: { query: { status: 'succeeded' } } } as const
const { items: runs } = await dataOf(api.GET('/api/evaluation-runs', succeeded))
const newest = runs[0]?.id
if (runs.length < 2 || newest === undefined)
  throw new Error('The demo is not complete: its two evaluations have not succeeded yet')

const browser = await startBrowser()
const session = await openSession(url, lead)
const visitor = await visit(browser, { url, sessions: { 'ml-lead': session } }, 'ml-lead')
mkdirSync(FOLDER, { recursive: true })
for (const [name, address] of [
  ['overview', '/'],
  ['evaluation', `/evaluation-runs/${newest}`],
  ['comparison', '/compare'],
]) {
  await visitor.page.setViewportSize(WIDE)
  await visitor.open(address ?? '/')
  await visitor.page.evaluate(() => document.fonts.ready)
  await visitor.page.screenshot({ path: path.join(FOLDER, `${name}.png`), animations: 'disabled' })
}
await browser.close()
