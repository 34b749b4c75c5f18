import type { Browser, Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { startBrowser, type Visitor, visit } from '#tests/support/browser.ts'
import { isHealthy } from '#tests/support/instance.ts'
import { launchRun, serviceApi } from '#tests/support/service-api.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const site = inject('browserSite')

/** From a process that hangs to words about it: a look at the dependencies, then at the page. */
const TOLD_MS = 30_000

let browser: Browser
let visitor: Visitor
let page: Page
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  visitor = await visit(browser, site, 'ml-lead')
  page = visitor.page
})
afterEach(async () => {
  process.kill(site.processes.evaluator, 'SIGCONT')
  process.kill(site.processes.supervisor, 'SIGCONT')
  await waitUntil('the site is healthy again', () => isHealthy(site.url))
  await visitor.close()
})

const status = (text: string) => page.getByRole('status').filter({ hasText: text })

describe('while the evaluator is away', () => {
  it('every page says so by itself, numbers stay to be looked at, and the words go when it is back', async () => {
    await visitor.open(`/evaluation-runs/${site.runs[1]}`)
    process.kill(site.processes.evaluator, 'SIGSTOP')
    await status('The evaluator is unavailable').waitFor({ timeout: TOLD_MS })
    await status('Existing results stay available').waitFor()
    expect(await page.getByRole('region', { name: 'Confusion matrix' }).isVisible()).toBe(true)
    await visitor.open('/')
    await status('The evaluator is unavailable').waitFor()
    process.kill(site.processes.evaluator, 'SIGCONT')
    await status('The evaluator is unavailable').waitFor({ state: 'hidden', timeout: TOLD_MS })
  })

  it('a launched evaluation says what it waits for, and goes on by itself afterwards', async () => {
    process.kill(site.processes.evaluator, 'SIGSTOP')
    const { id } = await launchRun(serviceApi(site), site.versions[0], site.unevaluated)
    await visitor.open(`/evaluation-runs/${id}`)
    await page.getByRole('progressbar').waitFor({ state: 'attached' })
    process.kill(site.processes.evaluator, 'SIGCONT')
    await page.getByRole('region', { name: 'Confusion matrix' }).waitFor()
  })
})

describe('while the database is away', () => {
  it('an open page says so, a new one too instead of waiting, and both come back by themselves', async () => {
    await visitor.open('/evaluation-runs')
    process.kill(site.processes.supervisor, 'SIGSTOP') // else it is back within a second
    process.kill(site.processes.database, 'SIGKILL')
    await status('The database is unavailable').waitFor({ timeout: TOLD_MS })

    const other = await visitor.context.newPage()
    await other.goto('/evaluation-runs', { waitUntil: 'commit', timeout: TOLD_MS })
    await other.getByText('The database cannot be reached').waitFor({ timeout: TOLD_MS })
    await other.getByText('No data is lost.').waitFor()

    process.kill(site.processes.supervisor, 'SIGCONT')
    await status('The database is unavailable').waitFor({ state: 'hidden', timeout: TOLD_MS })
    await other.getByRole('heading', { level: 1, name: 'Evaluations' }).waitFor({ timeout: TOLD_MS })
  })
})
