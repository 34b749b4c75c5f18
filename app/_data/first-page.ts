import { openPage, type Page } from '#lib/platform/api/page.ts'
import type { PageActor } from '#lib/platform/auth/page-actor.ts'
import { serviceSecret } from '#lib/platform/auth/service-secret.ts'
import { getService } from '#lib/platform/service/service.ts'

/** What a page shows before its first scroll. */
const FIRST_ITEMS = 50

/** The first page of a list, as `GET <address>` would give it with these filters; its cursor goes on there. */
export function firstPage({ context }: PageActor, address: string, filters: object = {}): Page {
  return openPage({
    secret: serviceSecret(getService().settings),
    actorId: context.actor.id,
    address: `GET ${address}`,
    query: { ...filters, limit: FIRST_ITEMS },
  })
}
