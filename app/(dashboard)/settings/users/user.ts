import type { Sent } from '#lib/platform/api/sent.ts'
import type { showUser } from '#lib/platform/auth/show-user.ts'

/** A person as the API sends them. */
export type ShownUser = Sent<ReturnType<typeof showUser>>

export type OneTimeLink = { url: string; expiresAt: string }
