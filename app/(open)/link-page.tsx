import type { ReactNode } from 'react'
import { ButtonLink } from '#app/_shell/links.tsx'
import { homeOf } from '#app/_shell/navigation.ts'
import { findSignedIn } from '#app/_shell/page-actor.ts'
import type { LinkPurpose } from '#db/schema/enumerations.ts'
import { type FoundLink, getLink } from '#lib/platform/auth/one-time-link.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { getService } from '#lib/platform/service/service.ts'
import { OpenCard } from './open-card.tsx'

export type Search = Promise<Record<string, string | string[] | undefined>>

const REMEDIES: Readonly<Record<LinkPurpose, string>> = {
  invitation: 'Ask the administrator who invited you for a new link.',
  'password-reset': 'Ask an administrator for a new link. Until it is used, your old password works.',
  setup: 'Restart the service: it prints a new link while there is no administrator.',
}

/** The page of a one-time link: the form while the link is valid, else the reason. Opening the page does not use the link. */
export async function LinkPage(props: {
  purpose: LinkPurpose
  searchParams: Search
  children: (link: FoundLink & { token: string }) => ReactNode
}) {
  const { token } = await props.searchParams
  const given = typeof token === 'string' ? token.slice(0, 200) : ''
  const link = await findLink(given, props.purpose)
  if (!('fault' in link)) return props.children({ ...link, token: given })
  const signedIn = await findSignedIn()
  const home = signedIn === null ? '/login' : homeOf(signedIn.permissions)
  return (
    <OpenCard
      title={link.fault === 'LINK_EXPIRED' ? 'This link has expired' : 'This link is no longer valid'}
    >
      <p style={{ margin: 0 }}>
        {link.fault === 'LINK_EXPIRED'
          ? ''
          : 'It was already used, replaced by a newer one, or is incomplete. '}
        {REMEDIES[props.purpose]}
      </p>
      <ButtonLink href={home} variant="default">
        {signedIn === null ? 'Go to sign-in' : 'Go to home'}
      </ButtonLink>
    </OpenCard>
  )
}

async function findLink(token: string, purpose: LinkPurpose): Promise<FoundLink | { fault: string }> {
  try {
    return await getLink(getService().db, { token, purpose, now: new Date() })
  } catch (error) {
    if (error instanceof ServiceError) return { fault: error.code }
    throw error
  }
}
