'use client'

import { OnceShown } from '#app/_access/once-shown.tsx'
import { Instant } from '#app/_format/instant.tsx'
import type { OneTimeLink } from './user.ts'

/** A link for somebody else, whom the administrator reaches by a way of their own. */
export function LinkShown(props: { link: OneTimeLink; email: string; onDone: () => void }) {
  return (
    <OnceShown label={`Link for ${props.email}`} value={props.link.url} onDone={props.onDone}>
      Give it to the person yourself, by a way that only they read: whoever opens it chooses the password. It
      works once, until <Instant at={props.link.expiresAt} />.
    </OnceShown>
  )
}
