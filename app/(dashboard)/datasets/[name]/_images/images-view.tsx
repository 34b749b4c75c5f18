import type { SearchParams } from 'nuqs/server'
import type { DatasetView } from '#lib/data/dataset/schema.ts'
import type { PageActor } from '#lib/platform/auth/page-actor.ts'
import { DatasetImages } from './dataset-images.tsx'
import { findFirstImages } from './first-images.ts'

/** The gallery, with the pictures that it begins with. */
export async function ImagesView(props: {
  person: PageActor
  dataset: DatasetView
  searchParams: SearchParams
}) {
  const { person, dataset, searchParams } = props
  return (
    <DatasetImages
      dataset={dataset.name}
      snapshotId={dataset.readySnapshot?.id ?? null}
      findingClasses={dataset.findingClasses}
      first={await findFirstImages(person, dataset.name, searchParams)}
    />
  )
}
