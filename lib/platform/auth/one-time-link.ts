import { createHash, randomBytes } from 'node:crypto'
import { and, eq, lt } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { oneTimeLinks, users } from '#db/schema/auth.ts'
import type { LinkPurpose } from '#db/schema/enumerations.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { OneTimeLink } from './schema.ts'

const HOUR_MS = 3_600_000
const LIFETIME_MS: Readonly<Record<LinkPurpose, number>> = {
  invitation: 7 * 24 * HOUR_MS, // a holiday week
  'password-reset': HOUR_MS,
  setup: HOUR_MS, // another one comes with the next start
}
const PAGES: Readonly<Record<LinkPurpose, string>> = {
  invitation: '/accept-invitation',
  'password-reset': '/reset-password',
  setup: '/setup',
}

/** 256 random bits: one SHA-256 is as good as a slow hash. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Makes a link, the only time that it is seen. A person's earlier link of this purpose ends; those of no user expire. */
export async function issueLink(
  tx: Database,
  about: { purpose: LinkPurpose; userId: string | null; baseUrl: string; now: Date },
): Promise<OneTimeLink> {
  const { purpose, userId, now } = about
  const earlier = userId === null ? lt(oneTimeLinks.expiresAt, now) : eq(oneTimeLinks.userId, userId)
  await tx.delete(oneTimeLinks).where(and(eq(oneTimeLinks.purpose, purpose), earlier))
  const token = randomBytes(32).toString('base64url')
  const expiresAt = new Date(now.getTime() + LIFETIME_MS[purpose])
  await tx
    .insert(oneTimeLinks)
    .values({ tokenSha256: hashOf(token), purpose, userId, createdAt: now, expiresAt })
  return { url: `${about.baseUrl.replace(/\/$/, '')}${PAGES[purpose]}?token=${token}`, expiresAt }
}

export type FoundLink = { userId: string | null; email: string | null; name: string | null; expiresAt: Date }

/** An open link and whom it is for; NOT_FOUND for one that is used, replaced or made up, GONE for an expired one. */
export async function getLink(
  db: Database,
  wanted: { token: string; purpose: LinkPurpose; now: Date },
): Promise<FoundLink> {
  const [link] = await db
    .select({
      userId: oneTimeLinks.userId,
      email: users.email,
      name: users.name,
      expiresAt: oneTimeLinks.expiresAt,
    })
    .from(oneTimeLinks)
    .leftJoin(users, eq(users.id, oneTimeLinks.userId))
    .where(isLink(wanted))
  if (link === undefined) throw usedLink()
  if (link.expiresAt <= wanted.now)
    throw new ServiceError('GONE', 'This link has expired: ask for a new one.', { code: 'LINK_EXPIRED' })
  return link
}

/** Uses a link up: of many who try at once, one gets past here. */
export async function takeLink(
  tx: Database,
  wanted: { token: string; purpose: LinkPurpose; now: Date },
): Promise<void> {
  const taken = await tx
    .delete(oneTimeLinks)
    .where(isLink(wanted))
    .returning({ expiresAt: oneTimeLinks.expiresAt })
  if (taken.length !== 1) throw usedLink()
}

function isLink(wanted: { token: string; purpose: LinkPurpose }) {
  return and(eq(oneTimeLinks.tokenSha256, hashOf(wanted.token)), eq(oneTimeLinks.purpose, wanted.purpose))
}

function usedLink(): ServiceError {
  return new ServiceError(
    'NOT_FOUND',
    'This link has been used, replaced or never existed: ask for a new one.',
    {
      code: 'LINK_UNKNOWN',
    },
  )
}
