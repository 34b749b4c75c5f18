import { firstPage } from '#app/_data/first-page.ts'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { asSent } from '#lib/platform/api/sent.ts'
import { listApiKeys } from '#lib/platform/auth/list-api-keys.ts'
import { showOwnedApiKey } from '#lib/platform/auth/show-api-key.ts'
import { getService } from '#lib/platform/service/service.ts'
import { KeyList } from './key-list.tsx'

export const metadata = { title: 'API keys' }

export default async function ApiKeysPage() {
  const person = await requirePageActor('api-key:own')
  const page = firstPage(person, '/api/api-keys')
  const keys = page.of(await listApiKeys(person.context, page), (key) => [
    key.createdAt.toISOString(),
    key.id,
  ])
  const seesAll = person.permissions.includes('api-key:manage')
  return (
    <>
      <PageHeader
        title="API keys"
        description={
          seesAll
            ? 'For scripts and other systems. A key acts for the user who created it. Administrators see all keys.'
            : 'For scripts and other systems. A key acts for you, with the roles you choose.'
        }
      />
      <KeyList
        initial={{ items: asSent(keys.items.map(showOwnedApiKey)), nextCursor: keys.nextCursor }}
        showOwners={seesAll}
        baseUrl={getService().settings.baseUrl}
      />
    </>
  )
}
