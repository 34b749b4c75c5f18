import { count } from 'drizzle-orm'
import { users } from '#db/schema/auth.ts'
import type { Service } from '#lib/platform/service/service.ts'

/** How a new user gets in: a demo's file of accounts, or the setup link of an installation without people. */
export type FirstAccess = 'demo-credentials' | 'setup-link' | 'own-account'

export async function findFirstAccess({
  db,
  settings,
}: Pick<Service, 'db' | 'settings'>): Promise<FirstAccess> {
  const people = await db.select({ isDemo: users.isDemo, count: count() }).from(users).groupBy(users.isDemo)
  if (settings.demo === 'off') return people.length === 0 ? 'setup-link' : 'own-account'
  return people.some(({ isDemo }) => isDemo) ? 'demo-credentials' : 'own-account'
}
