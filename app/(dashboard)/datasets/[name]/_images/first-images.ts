import { createLoader, type SearchParams } from 'nuqs/server'
import { firstPage } from '#app/_data/first-page.ts'
import { listDatasetImages } from '#lib/data/image/list-images.ts'
import { listImagesEndpoint } from '#lib/delivery/endpoints/datasets.ts'
import type { PageActor } from '#lib/platform/auth/page-actor.ts'
import { imageFilterParsers, imageFilterQuery } from './image-filter.ts'
import { type FirstImages, imagesAddress } from './image-page.ts'

const loadFilter = createLoader(imageFilterParsers)

/** What the gallery begins with, so that its pictures need not wait for scripts; null where it has to ask itself. */
export async function findFirstImages(
  person: PageActor,
  dataset: string,
  searchParams: SearchParams,
): Promise<FirstImages | null> {
  const query = imageFilterQuery(loadFilter(searchParams))
  const parsed = listImagesEndpoint.query.safeParse(query)
  if (!parsed.success || !person.permissions.includes(listImagesEndpoint.permission)) return null
  const { limit: _limit, ...filters } = parsed.data
  const page = firstPage(person, imagesAddress(dataset), filters)
  const { total, rows } = await listDatasetImages(person.context, { dataset, ...filters, ...page })
  const { items, nextCursor } = page.of(rows, (row) => row.position)
  return {
    query: JSON.stringify(query),
    page: {
      items: items.map(({ id, key, findingClass, patient }) => ({ id, key, findingClass, patient })),
      nextCursor,
      total,
    },
  }
}
