import { api } from '#app/_data/api.ts'
import { stated } from '#app/_data/stated.ts'
import type { GalleryPage } from '#app/_gallery/gallery-item.ts'
import type { ImageView } from '#lib/data/image/schema.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { pageOfImage } from '#lib/delivery/search/page-address.ts'
import type { imageFilterQuery } from './image-filter.ts'

/** Few requests while scrolling through thousands. */
const PAGE_SIZE = 500

export type ImagePage = {
  items: Pick<ImageView, 'id' | 'key' | 'findingClass' | 'patient'>[]
  nextCursor: string | null
  total: number
}
export type ImageQuery = ReturnType<typeof imageFilterQuery>

/** A first page, and the filter that it passed, as text. */
export type FirstImages = { query: string; page: ImagePage }

export function imagesAddress(dataset: string): string {
  return `/api/datasets/${encodeURIComponent(dataset)}/images`
}

export async function loadPage(
  dataset: string,
  query: ImageQuery,
  { cursor, signal }: { cursor: string | null; signal: AbortSignal },
): Promise<GalleryPage> {
  const page = stated({ ...query, limit: PAGE_SIZE, cursor })
  const params = { path: { name: dataset }, query: page }
  return galleryPage(await dataOf(api.GET('/api/datasets/{name}/images', { params, signal })))
}

export function galleryPage({ items, nextCursor, total }: ImagePage): GalleryPage {
  return {
    nextCursor,
    total,
    items: items.map(({ id, key, findingClass, patient }) => ({
      id: String(id),
      name: key,
      href: pageOfImage(id),
      title: findingClass,
      detail: patient === null ? fileNameOf(key) : `${fileNameOf(key)}, patient ${patient}`,
    })),
  }
}

function fileNameOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
