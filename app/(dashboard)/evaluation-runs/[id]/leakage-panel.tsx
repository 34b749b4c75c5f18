import { Alert, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfImage } from '#lib/delivery/search/page-address.ts'
import { checkLeakage } from '#lib/model/leakage/check-leakage.ts'
import type { Leakage } from '#lib/model/leakage/schema.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { isBusy, ServiceError } from '#lib/platform/errors.ts'
import { ImageStrip, ImageTile } from './image-strip.tsx'

/** Whether the version had seen these images before it was judged by them. */
export async function LeakagePanel({ context, runId }: { context: Asker; runId: string }) {
  const leakage = await checkUnlessBusy(context, runId)
  return (
    <Panel
      title="Seen in training?"
      description="Results on training images say little about new ones. Found: identical files; images saved again, resized, moderately brightened or mirrored; shared patients. Rotated or cropped images may be missed."
    >
      {leakage === null ? (
        <Sentence dimmed>Busy: reload the page in a moment.</Sentence>
      ) : (
        <Finding leakage={leakage} runId={runId} />
      )}
    </Panel>
  )
}

/** Null where too many expensive reads wait: the rest of the page needs none of it. */
async function checkUnlessBusy(context: Asker, runId: string): Promise<Leakage | null> {
  try {
    return await checkLeakage(context, { id: runId })
  } catch (error) {
    if (error instanceof ServiceError && isBusy(error)) return null
    throw error
  }
}

function Finding({ leakage, runId }: { leakage: Leakage; runId: string }) {
  const { trainedOn } = leakage
  const known = trainedOn.filter(({ snapshotId }) => snapshotId !== null)
  const unknown = trainedOn.filter(({ snapshotId }) => snapshotId === null).map(({ name }) => name)
  if (known.length === 0)
    return (
      <Sentence dimmed>
        {trainedOn.length === 0
          ? 'Unknown: the model card lists no training snapshot (lineage.snapshots).'
          : `Unknown: the model card’s training snapshots are not stored here (${unknown.join(', ')}).`}
      </Sentence>
    )
  const against = known.map(({ dataset, name }) => dataset ?? name).join(', ')
  const isClean = leakage.sharedImages + leakage.nearDuplicates + leakage.sharedPatients === 0
  return (
    <>
      {isClean ? (
        <Sentence>{nothingFound(leakage, against)}</Sentence>
      ) : (
        <Alert color="orange" title="Some of these images were used in training">
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
  const likeness = hashed.done < hashed.total ? '' : ' or resembles an image there'
  const contents = knowsContents
    ? `None of the ${formatCount(images)} images is in ${against}${likeness}.`
    : `Images cannot be compared with ${against}: there are no files.`
  const patients = knowsPatients
    ? 'No patient is shared either.'
    : 'Patients cannot be compared: one side’s file names contain no patient.'
  return `${contents} ${patients}`
}

function whatWasFound(leakage: Leakage, against: string): string {
  const { images, sharedImages, nearDuplicates, sharedPatients, imagesOfSharedPatients } = leakage
  const found = [
    sharedImages > 0 &&
      `${formatCount(sharedImages)} ${sharedImages === 1 ? 'is an identical file' : 'are identical files'}`,
    nearDuplicates > 0 &&
      `${formatCount(nearDuplicates)} ${sharedImages > 0 ? 'more ' : ''}${nearDuplicates === 1 ? 'resembles' : 'resemble'} a training image`,
    sharedPatients > 0 &&
      `${formatCount(imagesOfSharedPatients)} ${imagesOfSharedPatients === 1 ? 'is' : 'are'} of ${patientsThere(sharedPatients)}`,
  ].filter((each) => each !== false)
  return `It was trained on ${against}. Of the ${formatCount(images)} images here ${found.join('; ')}. These results may overstate performance.`
}

const patientsThere = (count: number) =>
  count === 1 ? 'a training patient' : `${formatCount(count)} training patients`

function Examples({ leakage, runId }: { leakage: Leakage; runId: string }) {
  if (leakage.examples.length === 0) return null
  return (
    <Text size="sm" mt="xs" style={{ overflowWrap: 'anywhere' }}>
      Identical files include{' '}
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

/** Image pairs side by side: the reader decides whether they are the same. */
function NearestPairs({ leakage, runId }: { leakage: Leakage; runId: string }) {
  const { nearestPairs, nearDuplicates } = leakage
  if (nearestPairs.length === 0) return null
  const shown = nearestPairs.length < nearDuplicates ? ` (the ${nearestPairs.length} most similar)` : ''
  return (
    <>
      <Text size="sm" mt="sm" mb={4}>
        Left: evaluated image. Right: training image{shown}.
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
                detail={pair.isMirrored ? 'in training, mirrored' : 'in training'}
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
          {formatCount(done)} of {formatCount(total)} images have been checked for near-duplicates. The others
          follow while no evaluation is running.
        </Sentence>
      )}
      {undecodable > 0 && (
        <Sentence dimmed>
          {formatCount(undecodable)} of these images cannot be decoded, so near-duplicates are unknown.
        </Sentence>
      )}
      {unknown.length > 0 && (
        <Sentence dimmed>Not stored here, so not checked: {unknown.join(', ')}.</Sentence>
      )}
    </>
  )
}
