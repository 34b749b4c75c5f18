import type { Service } from '#lib/platform/service/service.ts'
import { hasAdministrator } from './last-administrator.ts'
import { issueLink } from './one-time-link.ts'

/**
 * At every start without an administrator: prints the link that makes the first one. The operator who reads the console of the * machine may; there is no account with a password that an operator could forget to change.
 */
export async function announceSetupLink(
  { db, settings }: Pick<Service, 'db' | 'settings'>,
  say: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Promise<void> {
  if (settings.demo !== 'off') return
  const link = await db.transaction(async (tx) =>
    (await hasAdministrator(tx))
      ? null
      : issueLink(tx, { purpose: 'setup', userId: null, baseUrl: settings.baseUrl, now: new Date() }),
  )
  if (link === null) return
  say(`There is no administrator yet. Within one hour, open this link to become the first: ${link.url}`)
}
