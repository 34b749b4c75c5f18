'use client'

import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { Setback, Trial } from './trial.ts'

/** Why there is no prediction and what to do; what was shown before stays. */
export function SetbackAlert(props: {
  setback: Setback
  shownName: string | null
  onAgain: (trial: Trial) => void
}) {
  const { title, reason, remedy, again, cancelled = false } = props.setback
  const Icon = cancelled ? IconInfoCircle : IconAlertTriangle
  return (
    <Alert
      color={cancelled ? 'gray' : 'red'}
      role="alert"
      icon={<Icon aria-hidden />}
      title={<span style={{ overflowWrap: 'anywhere' }}>{title}</span>}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {reason} {remedy}
        {props.shownName !== null && ` Below is the image before, ${props.shownName}.`}
      </Text>
      {again !== null && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={() => props.onAgain(again)}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  )
}
