import { apiClient } from '#tests/support/api-client.ts'
import type { BrowserSite } from '#tests/support/browser-site.ts'

/** An image that the later version got right, from the middle of the list: it has others on both sides. */
export async function findImageId(site: BrowserSite): Promise<number> {
  const api = apiClient(site.url, site.apiKey)
  const { body } = await api.get(`/api/evaluation-runs/${site.runs[1]}/predictions?outcome=right&limit=20`)
  return body.items[10].imageId
}
