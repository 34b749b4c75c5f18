import { Group, Stack } from '@mantine/core'
import { z } from 'zod'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink, TextLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { RefreshOnEvents } from '#app/_shell/refresh-on-events.tsx'
import { listDatasets } from '#lib/data/dataset/queries.ts'
import type { DatasetSummary } from '#lib/data/dataset/schema.ts'
import { getService } from '#lib/platform/service/service.ts'
import { RegisterForm } from './_add/register-form.tsx'
import { UploadForm } from './_add/upload-form.tsx'
import { DatasetTable } from './_list/dataset-table.tsx'

export const metadata = { title: 'Datasets' }

const PAGE_SIZE = 50
/** No user picks from a longer list of uploaded datasets. */
const OFFERED_DATASETS = 500

// Below /datasets every name may be a dataset's: what else there is stands in the query.
const query = z.object({
  after: z.string().max(200).nullable().catch(null),
  add: z.enum(['register', 'upload']).nullable().catch(null),
})

export default async function DatasetsPage(props: { searchParams: Promise<Record<string, unknown>> }) {
  const { context, permissions } = await requirePageActor('dataset:read')
  const { after, add } = query.parse(await props.searchParams)
  const mayWrite = permissions.includes('dataset:write')
  if (add !== null && mayWrite) {
    const known = add === 'upload' ? await listDatasets(context, { after: null, take: OFFERED_DATASETS }) : []
    return <AddDataset add={add} known={known} />
  }
  const rows = await listDatasets(context, { after: after === null ? null : [after], take: PAGE_SIZE + 1 })
  const datasets = rows.slice(0, PAGE_SIZE)
  const last = rows.length > PAGE_SIZE ? datasets.at(-1) : undefined
  return (
    <>
      <PageHeader
        title="Datasets"
        description="Images with reference classes. Each scan freezes a snapshot; evaluations use snapshots."
        actions={mayWrite && <AddLinks />}
      />
      <RefreshOnEvents types={['snapshot']} />
      {datasets.length === 0 && after === null ? (
        <EmptyState title="No datasets yet" action={mayWrite && <AddLinks />}>
          {mayWrite
            ? 'Register a folder or bucket that the server can read, or upload images from your computer. Use one folder per finding class.'
            : 'An ML lead can register a folder or a bucket, or upload images.'}
        </EmptyState>
      ) : (
        <Panel title="All datasets">
          <DatasetTable datasets={datasets} />
          <Group justify="flex-end" mt="sm">
            {after !== null && <TextLink href="/datasets">First page</TextLink>}
            {last !== undefined && (
              <TextLink href={`/datasets?after=${encodeURIComponent(last.name)}`}>Next page</TextLink>
            )}
          </Group>
        </Panel>
      )}
    </>
  )
}

function AddLinks() {
  return (
    <Group gap="xs" justify="center">
      <ButtonLink href="/datasets?add=upload" variant="default">
        Upload images
      </ButtonLink>
      <ButtonLink href="/datasets?add=register">Register a dataset</ButtonLink>
    </Group>
  )
}

function AddDataset({ add, known }: { add: 'register' | 'upload'; known: readonly DatasetSummary[] }) {
  const { settings } = getService()
  const uploaded = known.flatMap(({ name, location, findingClasses }) =>
    location === null
      ? [{ name, findingClasses: findingClasses.map(({ findingClass }) => findingClass) }]
      : [],
  )
  const registering = add === 'register'
  return (
    <>
      <PageHeader
        title={registering ? 'Register a dataset' : 'Upload images'}
        crumbs={[{ title: 'Datasets', href: '/datasets' }]}
        description={
          registering
            ? 'For images already on the server or in a bucket. They are read in place and never changed.'
            : 'For images on your computer. They are copied to the service’s object store.'
        }
        actions={
          <ButtonLink href={`/datasets?add=${registering ? 'upload' : 'register'}`} variant="default">
            {registering ? 'Upload images instead' : 'Register a folder or bucket instead'}
          </ButtonLink>
        }
      />
      <Stack>
        <Panel title={registering ? 'Location' : 'Images'}>
          {registering ? (
            <RegisterForm roots={settings.datasetRoots} />
          ) : (
            <UploadForm limitBytes={settings.uploadLimitBytes} uploaded={uploaded} />
          )}
        </Panel>
      </Stack>
    </>
  )
}
