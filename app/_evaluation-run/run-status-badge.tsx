import { Badge, Group, Progress, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import type { EvaluationRunSummary, RunStatus } from '#lib/model/evaluation-run/schema.ts'

const COLOURS: Readonly<Record<RunStatus, string>> = {
  queued: 'gray',
  running: 'blue',
  succeeded: 'teal',
  failed: 'red',
  cancelled: 'gray',
}

/** A run's status in a word, with a bar while images are being evaluated. */
export function RunStatusBadge(props: Pick<EvaluationRunSummary, 'status' | 'progress'>) {
  const { status, progress } = props
  if (status === 'running' && progress.total > 0) {
    return (
      <Group gap="xs" wrap="nowrap">
        <Progress
          value={(100 * progress.done) / progress.total}
          w={72}
          aria-label="Progress of the evaluation"
        />
        <Text size="xs" className="figures">
          {formatCount(progress.done)} of {formatCount(progress.total)}
        </Text>
      </Group>
    )
  }
  const errors =
    status === 'succeeded' && progress.errors > 0 ? `, ${formatCount(progress.errors)} errors` : ''
  return (
    <Badge color={COLOURS[status]} variant="light" tt="none" fw={550} miw="max-content" className="figures">
      {status}
      {errors}
    </Badge>
  )
}
