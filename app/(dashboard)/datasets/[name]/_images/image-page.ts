import { callApi } from '#app/_data/call-api.ts'
import type { GalleryPage } from '#app/_gallery/gallery-item.ts'
import { pageOfImage } from '#lib/delivery/search/page-address.ts'

/** Few requests while scrolling through thousands. */
const PAGE_SIZE = 500

export type ImagePage = {
  items: { id: number; key: string; findingClass: string; patient: string | null }[]
  nextCursor: string | null
  total: number
}

/** A first page, and the filter that it passed. */
export type FirstImages = { query: string; page: ImagePage }

export function imagesAddress(dataset: string): string {
  return `/api/datasets/${encodeURIComponent(dataset)}/images`
}

export async function loadPage(
  dataset: string,
  query: string,
  { cursor, signal }: { cursor: string | null; signal: AbortSignal },
): Promise<GalleryPage> {
  const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
  const address = `${imagesAddress(dataset)}?limit=${PAGE_SIZE}&${query}${after}`
  return galleryPage(await callApi<ImagePage>('GET', address, { signal }))
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
