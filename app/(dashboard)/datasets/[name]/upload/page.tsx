import { notFound } from 'next/navigation'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { getDataset } from '#lib/data/dataset/queries.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { getService } from '#lib/platform/service/service.ts'
import { UploadInto } from './upload-into.tsx'

export const metadata = { title: 'Upload images' }

export default async function UploadPage({ params }: { params: Promise<{ name: string }> }) {
  const { context } = await requirePageActor('dataset:write')
  const name = decodeURIComponent((await params).name)
  const dataset = await getDataset(context, { name }).catch((error: unknown) => {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') notFound()
    throw error
  })
  const title = `Upload images into ${dataset.name}`
  const address = pageOfDataset(dataset.name)
  const crumbs = [
    { title: 'Datasets', href: '/datasets' },
    { title: dataset.name, href: address },
  ]
  if (dataset.location !== null)
    return (
      <>
        <PageHeader title={title} crumbs={crumbs} />
        <EmptyState
          title="This dataset is not stored here"
          action={<ButtonLink href={address}>Go to dataset</ButtonLink>}
        >
          Its images are at {dataset.location}. Add images there and scan the dataset again.
        </EmptyState>
      </>
    )
  return (
    <>
      <PageHeader
        title={title}
        crumbs={crumbs}
        description="Images are copied to the service’s object store, then scanned into a new snapshot."
      />
      <Panel title="Images">
        <UploadInto
          dataset={dataset.name}
          limitBytes={getService().settings.uploadLimitBytes}
          knownClasses={dataset.findingClasses.map(({ findingClass }) => findingClass)}
        />
      </Panel>
    </>
  )
}
