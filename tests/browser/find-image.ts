import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { BrowserSite } from '#tests/support/browser-site.ts'
import { present } from '#tests/support/present.ts'
import { serviceApi } from '#tests/support/service-api.ts'

/** An image that the later version got right, from the middle of the list: it has others on both sides. */
export async function findImageId(site: BrowserSite): Promise<number> {
  const params = { path: { id: site.runs[1] }, query: { outcome: 'right', limit: 20 } } as const
  const { items } = await dataOf(serviceApi(site).GET('/api/evaluation-runs/{id}/predictions', { params }))
  return present(items[10]).imageId
}
