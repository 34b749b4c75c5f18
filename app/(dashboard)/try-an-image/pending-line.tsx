'use client'

import { Button, Group, Progress, Text } from '@mantine/core'
import { formatBytes } from '#app/_format/measure.ts'
import classes from './try-image.module.css'
import type { Trials } from './use-trials.ts'

/** How far the prediction is; not drawn for the moment that most take. */
export function PendingLine(props: { pending: NonNullable<Trials['pending']>; onCancel: () => void }) {
  const { trial, version, ratio } = props.pending
  const sent = ratio >= 1
  return (
    <div className={classes.pending}>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Text size="sm" role="status" style={{ overflowWrap: 'anywhere' }}>
          {sent
            ? `${version.label} is analysing ${trial.file.name} …`
            : `Sending ${trial.file.name}, ${formatBytes(trial.file.size)} …`}
        </Text>
        <Button size="xs" variant="default" onClick={props.onCancel} style={{ flex: 'none' }}>
          Cancel
        </Button>
      </Group>
      <Progress value={sent ? 100 : ratio * 100} animated={sent} aria-label="Prediction" />
    </div>
  )
}
