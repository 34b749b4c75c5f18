'use client'

import { Alert, Grid, GridCol, Stack } from '@mantine/core'
import { parseAsString, useQueryState } from 'nuqs'
import { announce } from './announce.ts'
import { DropArea } from './drop-area.tsx'
import { PendingLine } from './pending-line.tsx'
import { pickImage } from './pick-image.ts'
import { SetbackAlert } from './setback-alert.tsx'
import type { DatasetImage, Links, PredictingVersion } from './trial.ts'
import { ComingResult, TriedResult } from './tried-result.tsx'
import { useDatasetImage } from './use-dataset-image.ts'
import { useGivenFiles } from './use-given-files.ts'
import { useTrials } from './use-trials.ts'
import { VersionChoice } from './version-choice.tsx'

/** Choose a version, give an image, see what comes of it. */
export function TryImage(props: {
  versions: readonly PredictingVersion[]
  /** The one that the address names. */
  image: DatasetImage | null
  imageIsMissing: boolean
  limitBytes: number
  may: Links
}) {
  const { versions, limitBytes } = props
  const [wanted, setWanted] = useQueryState('version', parseAsString)
  const [, setImage] = useQueryState('image', parseAsString)
  const { shown, pending, setback, ask, cancel, refuse } = useTrials()
  const version = versions.find(({ id }) => id === wanted) ?? versions[0]

  async function take(files: File[]): Promise<void> {
    const picked = await pickImage(files, limitBytes)
    if ('fault' in picked) return refuse({ ...picked.fault, again: null })
    void setImage(null)
    if (version !== undefined) void ask({ file: picked.file, from: null }, version)
  }

  function changeVersion(next: PredictingVersion): void {
    void setWanted(next.id)
    const trial = pending?.trial ?? setback?.again ?? shown?.trial
    if (trial !== undefined) void ask(trial, next)
  }

  useGivenFiles((files) => void take(files))
  useDatasetImage(props.image, {
    onFile: (file, from) => version !== undefined && void ask({ file, from }, version),
    onFailure: (reason) => refuse(notOpened(props.image?.name ?? 'The image', reason)),
  })
  if (version === undefined) return null
  return (
    <Stack gap="md">
      {props.imageIsMissing && (
        <Alert color="orange" role="status">
          The image in the link does not exist, or your role has no access to it. Choose one below.
        </Alert>
      )}
      <Grid gap="md">
        <GridCol span={{ base: 12, md: 4 }}>
          <VersionChoice
            versions={versions}
            version={version}
            isReplacement={wanted !== null && wanted !== version.id}
            onChange={changeVersion}
          />
        </GridCol>
        <GridCol span={{ base: 12, md: 8 }}>
          <Stack gap="sm">
            <DropArea small={shown !== null} limitBytes={limitBytes} onFiles={(files) => void take(files)} />
            {setback !== null && (
              <SetbackAlert
                setback={setback}
                shownName={shown?.trial.file.name ?? null}
                onAgain={(trial) => void ask(trial, version)}
              />
            )}
            {pending !== null && <PendingLine pending={pending} onCancel={cancel} />}
          </Stack>
        </GridCol>
      </Grid>
      {/* It stands there empty before: what appears together with its text, some readers pass over. */}
      <p className="visually-hidden" role="status">
        {shown !== null && pending === null && announce(shown)}
      </p>
      {shown !== null && <TriedResult shown={shown} isOld={pending !== null} may={props.may} />}
      {shown === null && pending !== null && <ComingResult trial={pending.trial} version={pending.version} />}
    </Stack>
  )
}

function notOpened(name: string, reason: string) {
  const remedy = 'Reload the page to try again, or choose an image file.'
  return { title: `${name} could not be opened`, reason, remedy, again: null }
}
