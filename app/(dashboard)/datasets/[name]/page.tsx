import { notFound } from 'next/navigation'
import type { SearchParams } from 'nuqs/server'
import { cache } from 'react'
import { nameModality } from '#app/_format/name-modality.ts'
import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { RefreshOnEvents } from '#app/_shell/refresh-on-events.tsx'
import { getDataset } from '#lib/data/dataset/queries.ts'
import type { DatasetView } from '#lib/data/dataset/schema.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import type { PageActor } from '#lib/platform/auth/page-actor.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Permission } from '#lib/platform/permissions.ts'
import { ArchiveButton } from './_actions/archive-button.tsx'
import { ScanButton } from './_actions/scan-button.tsx'
import { ImagesView } from './_images/images-view.tsx'
import { SnapshotsView } from './_snapshots/snapshots-view.tsx'
import { type DatasetPageQuery, datasetPageQuery } from './dataset-views.ts'
import { EvaluationsView } from './evaluations-view.tsx'
import { OverviewView } from './overview-view.tsx'
import { ScanState } from './scan-state.tsx'
import { SkippedView } from './skipped-view.tsx'
import { ViewLinks } from './view-links.tsx'

type Props = { params: Promise<{ name: string }>; searchParams: Promise<SearchParams> }

const findDataset = cache(async (context: Context, name: string): Promise<DatasetView> => {
  try {
    return await getDataset(context, { name: decodeURIComponent(name) })
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') notFound()
    throw error
  }
})

export async function generateMetadata({ params }: Props) {
  return { title: decodeURIComponent((await params).name) }
}

export default async function DatasetPage({ params, searchParams }: Props) {
  const person = await requirePageActor('dataset:read')
  const { permissions } = person
  const dataset = await findDataset(person.context, (await params).name)
  const query = datasetPageQuery.parse(await searchParams)
  const mayWrite = permissions.includes('dataset:write')
  return (
    <>
      <PageHeader
        title={dataset.name}
        crumbs={[{ title: 'Datasets', href: '/datasets' }]}
        description={sayWhatAndWhere(dataset)}
        actions={<Actions dataset={dataset} permissions={permissions} />}
      />
      <RefreshOnEvents types={query.view === 'evaluations' ? ['snapshot', 'run'] : ['snapshot']} />
      <ScanState dataset={dataset} mayWrite={mayWrite} />
      <ViewLinks dataset={dataset.name} view={query.view} />
      <View dataset={dataset} query={query} person={person} searchParams={await searchParams} />
    </>
  )
}

function sayWhatAndWhere({ location, modalities }: DatasetView): string {
  const kinds = modalities.map(({ modality }) => nameModality(modality)).join(', ')
  const where = location === null ? 'Uploaded images' : `Images at ${location}`
  return kinds === '' ? where : `${kinds}. ${where}`
}

function Actions(props: { dataset: DatasetView; permissions: readonly Permission[] }) {
  const { dataset, permissions } = props
  const mayWrite = permissions.includes('dataset:write')
  return (
    <>
      {mayWrite && <ArchiveButton dataset={dataset.name} />}
      {mayWrite && dataset.location === null && (
        <ButtonLink href={`${pageOfDataset(dataset.name)}/upload`} variant="default">
          Upload images
        </ButtonLink>
      )}
      {mayWrite && <ScanButton dataset={dataset.name} scanning={dataset.scan !== null} />}
      {permissions.includes('evaluation-run:write') && dataset.readySnapshot !== null && (
        <ButtonLink href={`/evaluation-runs/new?dataset=${encodeURIComponent(dataset.name)}`}>
          Evaluate on this dataset
        </ButtonLink>
      )}
    </>
  )
}

function View(props: {
  dataset: DatasetView
  query: DatasetPageQuery
  person: PageActor
  searchParams: SearchParams
}) {
  const { dataset, query, person } = props
  const { context, permissions } = person
  switch (query.view) {
    case 'overview':
      return <OverviewView dataset={dataset} />
    case 'images':
      return <ImagesView person={person} dataset={dataset} searchParams={props.searchParams} />
    case 'snapshots':
      return <SnapshotsView context={context} dataset={dataset} query={query} />
    case 'skipped':
      return <SkippedView context={context} dataset={dataset} query={query} />
    case 'evaluations':
      return permissions.includes('evaluation-run:read') ? (
        <EvaluationsView context={context} dataset={dataset.name} permissions={permissions} />
      ) : null
  }
}
