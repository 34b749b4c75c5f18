import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { explainRefusal } from './explain-refusal.ts'

/** Why the version was not taken in and what to do; what was chosen stays chosen, and field faults stand beside it. */
export function RefusedModel({ failure }: { failure: ApiFailure }) {
  const { title, remedy } = explainRefusal(failure.code)
  return (
    <Alert color="red" role="alert" title={title} icon={<IconAlertTriangle aria-hidden />}>
      <Stack gap={6}>
        <Text size="sm">{remedy}</Text>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          Details: {failure.message}
        </Text>
      </Stack>
    </Alert>
  )
}
