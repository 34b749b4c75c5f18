import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import type { Role } from '#lib/platform/permissions.ts'
import { findChromium } from '../../scripts/testing/chromium.js'
import type { BrowserSite } from './browser-site.ts'
import { waitUntil } from './wait-until.ts'

export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 390, height: 844 }

/** A page that goes on with what it loads for longer than this has come to a stop. */
const SETTLE_MS = 60_000

/** What stands where something is still being loaded. */
const LOADING = '.mantine-Skeleton-root:visible, .mantine-Loader-root:visible'

/** `hostName` leads to this machine in this browser, as a name of an intranet does. */
export function startBrowser(options: { hostName?: string } = {}): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === null) throw new Error('Chromium is not installed: apt-get install chromium')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // as root there is none
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      ...(options.hostName === undefined ? [] : [`--host-resolver-rules=MAP ${options.hostName} 127.0.0.1`]),
    ],
  })
}

/** A person at a browser of their own. */
export type Visitor = {
  page: Page
  context: BrowserContext
  /** Opens an address of the site and waits until nothing of the page is being loaded any more. */
  open: (address: string) => Promise<void>
  /**
   * What went wrong in the page since the last look: errors on the console, scripts that were refused, requests that
   * failed or were answered with an error.
   */
  faults: () => string[]
  close: () => Promise<void>
}

/** Without a role, no user is signed in. */
export async function visit(
  browser: Browser,
  site: { url: string; sessions: Partial<BrowserSite['sessions']> },
  role: Role | null,
  options: { viewport?: typeof WIDE } = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: site.url,
    viewport: options.viewport ?? WIDE,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  if (role !== null) {
    const session = site.sessions[role]
    if (session === undefined) throw new Error(`No user is signed in as ${role}`)
    await context.addCookies([session])
  }
  const page = await context.newPage()
  page.setDefaultTimeout(SETTLE_MS)
  page.setDefaultNavigationTimeout(SETTLE_MS)
  const faults = await gatherFaults(page)
  return {
    page,
    context,
    open: async (address) => {
      await page.goto(address, { waitUntil: 'load' })
      await settled(page)
    },
    faults: () => faults.splice(0),
    close: () => context.close(),
  }
}

/** Until the page has its heading, nothing on it is being loaded, and what can be used on it answers. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  const loading = page.locator(LOADING)
  await waitUntil(
    `nothing is loading on ${page.url()}`,
    async () => {
      const isLoading = (await loading.count().catch(() => 1)) > 0
      return !isLoading && (await page.evaluate(isAnswering).catch(() => false))
    },
    SETTLE_MS,
  )
}

/** Runs in the page: React has taken over what the server sent; before that, nothing typed or pressed is noticed. */
function isAnswering(): boolean {
  const usable = [...document.querySelectorAll('h1, button, input')]
  return usable.every((element) => Object.keys(element).some((key) => key.startsWith('__reactProps')))
}

async function gatherFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  page.on('console', (message) => {
    // What a failed request says on the console is told better by its own event.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`)
  })
  page.on('requestfailed', (request) => {
    // The browser gives up what a page asked for when the page is left: event streams and prefetches above all.
    const reason = request.failure()?.errorText ?? ''
    if (reason !== 'net::ERR_ABORTED') faults.push(`${reason} ${request.url()}`)
  })
  await page.exposeFunction('reportPolicyViolation', (what: string) => faults.push(`policy: ${what}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportPolicyViolation: (what: string) => void })
        .reportPolicyViolation
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  return faults
}
