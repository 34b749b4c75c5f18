import { redirect } from 'next/navigation'
import { homeOf } from '#app/_shell/navigation.ts'
import { findSignedIn } from '#app/_shell/page-actor.ts'
import { findFirstAccess } from '#lib/platform/auth/find-first-access.ts'
import { getService } from '#lib/platform/service/service.ts'
import { nextAddress } from '../next-address.ts'
import { OpenCard } from '../open-card.tsx'
import { FirstAccessHint } from './first-access-hint.tsx'
import { SignInForm } from './sign-in-form.tsx'

export const metadata = { title: 'Sign in' }

type Search = Promise<Record<string, string | string[] | undefined>>

export default async function LoginPage({ searchParams }: { searchParams: Search }) {
  const { next } = await searchParams
  const wanted = typeof next === 'string' ? nextAddress(next) : null
  const signedIn = await findSignedIn()
  if (signedIn !== null) redirect(wanted ?? homeOf(signedIn.permissions))
  const service = getService()
  const access = await findFirstAccess(service)
  return (
    <OpenCard title="Sign in" description={wanted === null ? undefined : 'Sign in to continue.'}>
      <FirstAccessHint access={access} dataDir={service.settings.dataDir} />
      <SignInForm next={wanted} />
    </OpenCard>
  )
}
