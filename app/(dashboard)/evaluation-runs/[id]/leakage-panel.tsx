import { Alert, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { Context } from '#lib/context.ts'
import { checkLeakage, type Leakage } from '#lib/evaluation-run/check-leakage.ts'
import { pageOfImage } from '#lib/search/page-address.ts'

/** Whether the version had seen these images before it was judged by them. */
export async function LeakagePanel({ context, runId }: { context: Pick<Context, 'db'>; runId: string }) {
  const leakage = await checkLeakage(context, { id: runId })
  return (
    <Panel
      title="Seen in training?"
      description="What a version was trained on proves nothing about it. Identical files and patients of the same name are found; cropped or newly saved copies are not."
    >
      <Finding leakage={leakage} runId={runId} />
    </Panel>
  )
}

function Finding({ leakage, runId }: { leakage: Leakage; runId: string }) {
  const { trainedOn, images, sharedImages, sharedPatients, imagesOfSharedPatients, examples } = leakage
  const known = trainedOn.filter(({ snapshotId }) => snapshotId !== null)
  const unknown = trainedOn.filter(({ snapshotId }) => snapshotId === null).map(({ name }) => name)
  if (known.length === 0)
    return (
      <Text size="sm" c="dimmed" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
        {trainedOn.length === 0
          ? 'Nobody can tell: the version’s card names no snapshot that it was trained on (lineage.snapshots).'
          : `Nobody can tell: what its card says it was trained on is not here (${unknown.join(', ')}).`}
      </Text>
    )
  const against = known.map(({ dataset, name }) => dataset ?? name).join(', ')
  const rest = unknown.length === 0 ? '' : ` What else its card names is not here: ${unknown.join(', ')}.`
  if (sharedImages === 0 && sharedPatients === 0)
    return (
      <Text size="sm" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
        {leakage.knowsContents
          ? `None of the ${formatCount(images)} images is among those of ${against}.`
          : `Whether images are among those of ${against} cannot be told: there are no files to compare.`}{' '}
        {leakage.knowsPatients
          ? 'None of the patients is, either.'
          : 'Whether patients are cannot be told: the file names of one side hold no patient.'}
        {rest}
      </Text>
    )
  return (
    <Alert color="orange" title="The version had seen some of this before">
      <Text size="sm" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
        Of {formatCount(images)} images {formatCount(sharedImages)} were trained on, byte for byte;{' '}
        {formatCount(sharedPatients)} patients with {formatCount(imagesOfSharedPatients)} images here were in
        the training ({against}). The numbers flatter the version.{rest}
      </Text>
      {examples.length > 0 && (
        <Text size="sm" mt="xs" style={{ overflowWrap: 'anywhere' }}>
          For instance{' '}
          {examples.map(({ imageId, imageKey }, at) => (
            <span key={imageId}>
              {at > 0 && ', '}
              <TextLink href={`${pageOfImage(imageId)}?run=${runId}`} size="sm" underline="always">
                {imageKey}
              </TextLink>
            </span>
          ))}
        </Text>
      )}
    </Alert>
  )
}
