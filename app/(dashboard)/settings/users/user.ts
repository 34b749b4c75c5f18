import type { Sent } from '#lib/platform/api/sent.ts'
import type { OneTimeLink as Link, UserView } from '#lib/platform/auth/schema.ts'

/** A person as the API sends them. */
export type ShownUser = Sent<UserView>

export type OneTimeLink = Sent<Link>
