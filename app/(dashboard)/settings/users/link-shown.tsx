'use client'

import { OnceShown } from '#app/_access/once-shown.tsx'
import { Instant } from '#app/_format/instant.tsx'
import type { OneTimeLink } from './user.ts'

/** A link that the administrator passes on to another user. */
export function LinkShown(props: { link: OneTimeLink; email: string; onDone: () => void }) {
  return (
    <OnceShown label={`Link for ${props.email}`} value={props.link.url} onDone={props.onDone}>
      Send it to the user privately: opening it sets the account’s password. It works once, until{' '}
      <Instant at={props.link.expiresAt} />.
    </OnceShown>
  )
}
