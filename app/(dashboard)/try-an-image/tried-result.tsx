'use client'

import { Alert, Grid, GridCol, List, Skeleton, Stack } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { ClassTrackRecord } from './class-track-record.tsx'
import { Prediction } from './prediction.tsx'
import type { Links, PredictingVersion, Shown, Trial } from './trial.ts'
import { TriedPictures } from './tried-pictures.tsx'
import classes from './try-image.module.css'

/** All that came of one image. */
export function TriedResult({ shown, isOld, may }: { shown: Shown; isOld: boolean; may: Links }) {
  const { trial, version, reply } = shown
  return (
    <div className={isOld ? classes.old : undefined} aria-busy={isOld}>
      <Grid gap="md">
        <GridCol span={{ base: 12, lg: 7 }}>
          <Stack>
            <TriedPictures trial={trial} version={version} reply={reply} />
            <Warnings warnings={reply.image.warnings} />
          </Stack>
        </GridCol>
        <GridCol span={{ base: 12, lg: 5 }}>
          <Prediction shown={shown} may={may} />
        </GridCol>
        <GridCol span={12}>
          <ClassTrackRecord reply={reply} version={version} may={may} />
        </GridCol>
      </Grid>
    </div>
  )
}

/** The first image while its prediction is awaited. */
export function ComingResult({ trial, version }: { trial: Trial; version: PredictingVersion }) {
  return (
    <Grid gap="md" aria-busy="true">
      <GridCol span={{ base: 12, lg: 7 }}>
        <TriedPictures trial={trial} version={version} reply={null} />
      </GridCol>
      <GridCol span={{ base: 12, lg: 5 }}>
        <Skeleton h={320} />
      </GridCol>
    </Grid>
  )
}

function Warnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="Before you rely on the prediction">
      <List size="sm">
        {warnings.map((warning) => (
          <List.Item key={warning}>{warning}</List.Item>
        ))}
      </List>
    </Alert>
  )
}
