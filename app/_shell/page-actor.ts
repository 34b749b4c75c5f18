import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { findPageActor, type PageActor } from '#lib/platform/auth/page-actor.ts'
import { clientSignal } from '#lib/platform/http/client-signal.ts'
import type { Permission } from '#lib/platform/permissions.ts'
import { getService } from '#lib/platform/service/service.ts'

/** The signed-in person, looked up once for one rendering. */
const findActor = cache(async (): Promise<PageActor | null> => {
  const requested = await headers()
  return findPageActor(getService(), requested.get('cookie'), { signal: clientSignal() })
})

/** The signed-in user of this page; without one, leads to the sign-in page and back afterwards. */
export async function requirePageActor(permission?: Permission): Promise<PageActor> {
  const actor = await findActor()
  if (actor === null) {
    const address = (await headers()).get('x-page-address') ?? '/'
    redirect(address === '/' ? '/login' : `/login?next=${encodeURIComponent(address)}`)
  }
  if (permission !== undefined && !actor.permissions.includes(permission))
    redirect(`/no-access?needs=${encodeURIComponent(permission)}`)
  return actor
}

/** The signed-in user, or null: for pages without sign-in. */
export const findSignedIn = findActor
