import { Alert, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfImage } from '#lib/delivery/search/page-address.ts'
import { checkLeakage, type Leakage } from '#lib/model/leakage/check-leakage.ts'
import type { Context } from '#lib/platform/context.ts'
import { ImageStrip, ImageTile } from './image-strip.tsx'

/** Whether the version had seen these images before it was judged by them. */
export async function LeakagePanel({ context, runId }: { context: Pick<Context, 'db'>; runId: string }) {
  const leakage = await checkLeakage(context, { id: runId })
  return (
    <Panel
      title="Seen in training?"
      description="What a version was trained on proves nothing about it. Identical files, the same picture saved anew, resized, moderately brightened or mirrored, and patients of the same name are found; a picture that was turned or cropped may not be."
    >
      <Finding leakage={leakage} runId={runId} />
    </Panel>
  )
}

function Finding({ leakage, runId }: { leakage: Leakage; runId: string }) {
  const { trainedOn } = leakage
  const known = trainedOn.filter(({ snapshotId }) => snapshotId !== null)
  const unknown = trainedOn.filter(({ snapshotId }) => snapshotId === null).map(({ name }) => name)
  if (known.length === 0)
    return (
      <Sentence dimmed>
        {trainedOn.length === 0
          ? 'Nobody can tell: the version’s card names no snapshot that it was trained on (lineage.snapshots).'
          : `Nobody can tell: what its card says it was trained on is not here (${unknown.join(', ')}).`}
      </Sentence>
    )
  const against = known.map(({ dataset, name }) => dataset ?? name).join(', ')
  const isClean = leakage.sharedImages + leakage.nearDuplicates + leakage.sharedPatients === 0
  return (
    <>
      {isClean ? (
        <Sentence>{nothingFound(leakage, against)}</Sentence>
      ) : (
        <Alert color="orange" title="The version had seen some of this before">
          <Sentence>{whatWasFound(leakage, against)}</Sentence>
          <Examples leakage={leakage} runId={runId} />
        </Alert>
      )}
      <NearestPairs leakage={leakage} runId={runId} />
      <Reservations leakage={leakage} unknown={unknown} />
    </>
  )
}

const Sentence = ({ children, dimmed = false }: { children: ReactNode; dimmed?: boolean }) => (
  <Text size="sm" maw="75ch" style={{ overflowWrap: 'anywhere' }} c={dimmed ? 'dimmed' : 'inherit'}>
    {children}
  </Text>
)

function nothingFound({ images, knowsContents, knowsPatients, hashed }: Leakage, against: string): string {
  const likeness = hashed.done < hashed.total ? '' : ', or looks like one of them'
  const contents = knowsContents
    ? `None of the ${formatCount(images)} images is among those of ${against}${likeness}.`
    : `Whether images are among those of ${against} cannot be told: there are no files to compare.`
  const patients = knowsPatients
    ? 'None of the patients is there, either.'
    : 'Whether patients are cannot be told: the file names of one side hold no patient.'
  return `${contents} ${patients}`
}

function whatWasFound(leakage: Leakage, against: string): string {
  const { images, sharedImages, nearDuplicates, sharedPatients, imagesOfSharedPatients } = leakage
  const found = [
    sharedImages > 0 &&
      `${formatCount(sharedImages)} ${sharedImages === 1 ? 'is' : 'are'} there byte for byte`,
    nearDuplicates > 0 &&
      `${formatCount(nearDuplicates)} ${sharedImages > 0 ? 'more ' : ''}${nearDuplicates === 1 ? 'looks' : 'look'} like an image there`,
    sharedPatients > 0 &&
      `${formatCount(imagesOfSharedPatients)} ${imagesOfSharedPatients === 1 ? 'is' : 'are'} of ${patientsThere(sharedPatients)}`,
  ].filter((each) => each !== false)
  return `It was trained on ${against}. Of the ${formatCount(images)} images here ${found.join('; ')}. As far as these are the same, the numbers flatter the version.`
}

const patientsThere = (count: number) =>
  count === 1 ? 'one patient who is there' : `${formatCount(count)} patients who are there`

function Examples({ leakage, runId }: { leakage: Leakage; runId: string }) {
  if (leakage.examples.length === 0) return null
  return (
    <Text size="sm" mt="xs" style={{ overflowWrap: 'anywhere' }}>
      Byte for byte, for instance{' '}
      {leakage.examples.map(({ imageId, imageKey }, at) => (
        <span key={imageId}>
          {at > 0 && ', '}
          <TextLink href={`${pageOfImage(imageId)}?run=${runId}`} size="sm" underline="always">
            {imageKey}
          </TextLink>
        </span>
      ))}
    </Text>
  )
}

/** Two pictures beside each other: whether they are the same is for people to say. */
function NearestPairs({ leakage, runId }: { leakage: Leakage; runId: string }) {
  const { nearestPairs, nearDuplicates } = leakage
  if (nearestPairs.length === 0) return null
  const shown = nearestPairs.length < nearDuplicates ? `, the ${nearestPairs.length} most alike` : ''
  return (
    <>
      <Text size="sm" mt="sm" mb={4}>
        Left the image here, right the one that was trained on{shown}:
      </Text>
      <ImageStrip>
        {nearestPairs.map((pair) => (
          <li key={pair.imageId} style={{ width: 296 }}>
            <Group gap={0} wrap="nowrap" align="flex-start">
              <PairedTile
                id={pair.imageId}
                imageKey={pair.imageKey}
                href={`${pageOfImage(pair.imageId)}?run=${runId}`}
                detail="in this evaluation"
              />
              <PairedTile
                id={pair.trainedImageId}
                imageKey={pair.trainedImageKey}
                href={pageOfImage(pair.trainedImageId)}
                detail={pair.isMirrored ? 'in the training, mirrored' : 'in the training'}
              />
            </Group>
          </li>
        ))}
      </ImageStrip>
    </>
  )
}

function PairedTile(props: { id: number; imageKey: string; href: string; detail: string }) {
  const [findingClass = '', file = ''] = props.imageKey.split('/', 2)
  return (
    <div style={{ width: '50%' }}>
      <ImageTile
        id={String(props.id)}
        href={props.href}
        title={findingClass}
        detail={props.detail}
        name={file}
      />
    </div>
  )
}

/** What the finding leaves open. */
function Reservations({ leakage, unknown }: { leakage: Leakage; unknown: readonly string[] }) {
  const { done, undecodable, total } = leakage.hashed
  return (
    <>
      {done < total && (
        <Sentence dimmed>
          {formatCount(done)} of {formatCount(total)} images have been looked at for likeness; the others
          follow while no evaluation is under way, as far as their files can be read.
        </Sentence>
      )}
      {undecodable > 0 && (
        <Sentence dimmed>
          Of {formatCount(undecodable)} of these images nobody can tell what they look like: they cannot be
          decoded.
        </Sentence>
      )}
      {unknown.length > 0 && (
        <Sentence dimmed>What else its card names is not here: {unknown.join(', ')}.</Sentence>
      )}
    </>
  )
}
