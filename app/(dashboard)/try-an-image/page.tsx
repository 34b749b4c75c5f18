import { z } from 'zod'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { getImage } from '#lib/model/evaluation-result/image-details.ts'
import { listModelVersions } from '#lib/model/registry/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { getService } from '#lib/platform/service/service.ts'
import type { DatasetImage, PredictingVersion } from './trial.ts'
import { TryImage } from './try-image.tsx'

export const metadata = { title: 'Try an image' }

/** More than a person scrolls through in a list; beyond it names are typed in the search. */
const MOST_CHOICES = 500
const querySchema = z.object({ image: z.coerce.number().int().positive().optional().catch(undefined) })

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function TryAnImagePage({ searchParams }: Props) {
  const { context, permissions } = await requirePageActor('prediction:create')
  const { image: wanted } = querySchema.parse(await searchParams)
  const versions = await listPredictingVersions(context)
  const image =
    wanted === undefined || !permissions.includes('dataset:read') ? null : await findImage(context, wanted)
  return (
    <>
      <PageHeader
        title="Try an image"
        description="Run a model on one image and see how reliable the result is."
      />
      {versions.length === 0 ? (
        <NoVersion mayAdd={permissions.includes('model-version:write')} />
      ) : (
        <TryImage
          key={wanted}
          versions={versions}
          image={image}
          imageIsMissing={wanted !== undefined && image === null}
          limitBytes={getService().settings.uploadLimitBytes}
          may={{
            openVersion: permissions.includes('model-version:read'),
            openRun: permissions.includes('evaluation-run:read'),
            evaluate: permissions.includes('evaluation-run:write'),
          }}
        />
      )}
    </>
  )
}

function NoVersion({ mayAdd }: { mayAdd: boolean }) {
  return (
    <EmptyState
      title="No model versions yet"
      action={mayAdd && <ButtonLink href="/model-versions/new">Add a model version</ButtonLink>}
    >
      You need a model version to predict an image.{' '}
      {mayAdd ? 'Upload an ONNX file and its card to begin.' : 'An ML lead can add one.'}
    </EmptyState>
  )
}

/** Newest first; those of which only predictions were imported have no model to ask. */
async function listPredictingVersions(context: Context): Promise<PredictingVersion[]> {
  const versions = await listModelVersions(context, { after: null, take: MOST_CHOICES })
  return versions
    .filter(({ sha256 }) => sha256 !== null)
    .map(({ id, label, findingClasses, card }) => {
      const { width, height, channels } = card.input
      return { id, label, findingClasses: findingClasses.length, input: { width, height, channels } }
    })
}

async function findImage(context: Context, id: number): Promise<DatasetImage | null> {
  try {
    const { dataset, findingClass, imageKey } = await getImage(context, { id })
    return { id, name: imageKey.slice(imageKey.lastIndexOf('/') + 1), dataset, findingClass }
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') return null
    throw error
  }
}
