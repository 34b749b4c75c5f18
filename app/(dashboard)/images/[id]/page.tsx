import { Box, Grid, GridCol, Stack, Text } from '@mantine/core'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { comparePage } from '#app/(dashboard)/compare/compared-filter.ts'
import { pageOfDataset, pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import { getImage } from '#lib/model/evaluation-result/image-details.ts'
import { listModelVersions } from '#lib/model/registry/queries.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { findPlace, type Place } from './find-place.ts'
import { type AddressQuery, addressInList, addressOfList, describeList, imageListOf } from './image-list.ts'
import { ImagePredictions } from './image-predictions.tsx'
import { ImageViewer } from './image-viewer.tsx'
import { ListPosition } from './list-position.tsx'
import { Provenance } from './provenance.tsx'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<AddressQuery> }

const VERSIONS_TO_LOOK_THROUGH = 100

/** Once for the title and the page. */
const loadImage = cache(async (id: string) => {
  const { context, permissions } = await requirePageActor('evaluation-run:read')
  if (!/^\d{1,15}$/.test(id)) notFound()
  try {
    return { image: await getImage(context, { id: Number(id) }), context, permissions }
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') notFound()
    throw error
  }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { image } = await loadImage((await params).id)
  return { title: fileName(image.imageKey) }
}

export default async function ImagePage({ params, searchParams }: Props) {
  const { image, context, permissions } = await loadImage((await params).id)
  const place = await findPlace(context, imageListOf(await searchParams), image.id)
  const versions = await listModelVersions(context, { after: null, take: VERSIONS_TO_LOOK_THROUGH })
  const seers = versions.filter(({ sha256 }) => sha256 !== null).map(({ id, label }) => ({ id, label }))
  const { compared, others } = splitPredictions(place, image.predictions)
  const { previous, next, position, total } = place.neighbours
  const linked = (neighbour: { id: number } | null) =>
    neighbour === null ? null : { id: neighbour.id, href: addressInList(place.list, neighbour.id) }
  const [previousLink, nextLink] = [linked(previous), linked(next)]
  return (
    <>
      <PageHeader
        title={fileName(image.imageKey)}
        crumbs={crumbsTo(place, image.dataset)}
        description={`Reference class ${image.findingClass}, ${image.dataset}`}
        actions={
          image.sha256 !== null &&
          permissions.includes('prediction:create') && (
            <ButtonLink href={`/try-an-image?image=${image.id}`} variant="default" size="xs">
              Run a model on this image
            </ButtonLink>
          )
        }
      />
      <Grid gap="md">
        <GridCol span={{ base: 12, lg: 8 }}>
          <ListPosition
            {...{ position, total, previous: previousLink, next: nextLink, versions: seers }}
            list={{
              href: addressOfList(place.list, image.dataset),
              title: titleOfList(place, image.dataset),
              filter: describeList(place.list),
            }}
          />
          {image.width === null || image.height === null ? (
            <Panel title="No image">
              <Text size="sm">Only predictions were imported: the image is not stored here.</Text>
            </Panel>
          ) : (
            <ImageViewer
              image={{
                id: image.id,
                name: fileName(image.imageKey),
                width: image.width,
                height: image.height,
              }}
              versions={seers}
              previousHref={previousLink?.href ?? null}
              nextHref={nextLink?.href ?? null}
            />
          )}
          {compared.length > 0 && (
            <Box mt="md">
              <ImagePredictions
                title="Baseline and candidate"
                description="Baseline first."
                predictions={compared}
                referenceClass={image.findingClass}
                columns={2}
              />
            </Box>
          )}
        </GridCol>
        <GridCol span={{ base: 12, lg: 4 }}>
          <Stack>
            {(others.length > 0 || compared.length === 0) && (
              <ImagePredictions
                title={compared.length === 0 ? 'Predictions' : 'Other versions'}
                description="Latest evaluation of each model version, newest version first."
                predictions={others}
                referenceClass={image.findingClass}
              />
            )}
            <Provenance image={image} />
          </Stack>
        </GridCol>
      </Grid>
    </>
  )
}

/** The two versions of a comparison, and the others. */
function splitPredictions<P extends { modelVersionId: string }>({ list }: Place, predictions: readonly P[]) {
  const pair = list.kind === 'comparison' ? [list.pair.baseline, list.pair.candidate] : []
  return {
    compared: pair.flatMap((id) => predictions.find(({ modelVersionId }) => modelVersionId === id) ?? []),
    others: predictions.filter(({ modelVersionId }) => !pair.includes(modelVersionId)),
  }
}

function titleOfList({ list, run }: Place, dataset: string): string {
  if (list.kind === 'comparison') return `the comparison on ${list.pair.dataset}`
  return run === null ? dataset : `${run.versionLabel} on ${run.dataset}`
}

function crumbsTo({ list, run }: Place, dataset: string) {
  if (list.kind === 'comparison') return [{ title: 'Compare', href: comparePage(list.pair) }]
  return run === null
    ? [
        { title: 'Datasets', href: '/datasets' },
        { title: dataset, href: pageOfDataset(dataset) },
      ]
    : [
        { title: 'Evaluations', href: '/evaluation-runs' },
        { title: `${run.versionLabel} on ${run.dataset}`, href: pageOfEvaluationRun(run.id) },
      ]
}

function fileName(imageKey: string): string {
  return imageKey.slice(imageKey.lastIndexOf('/') + 1)
}
