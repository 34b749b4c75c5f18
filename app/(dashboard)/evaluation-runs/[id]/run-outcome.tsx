import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle, IconPlayerStop } from '@tabler/icons-react'
import { formatCount } from '#app/_format/ratio.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import { explainFailure } from './explain-failure.ts'

/** Why an ended run has no numbers, and what to do. */
export function RunOutcome({ run }: { run: EvaluationRunSummary }) {
  const { done, total } = run.progress
  const far =
    total > 0
      ? `${formatCount(done)} of ${formatCount(total)} images had been evaluated.`
      : 'No image had been evaluated.'
  if (run.status === 'cancelled')
    return (
      <Alert color="gray" icon={<IconPlayerStop aria-hidden />} title="This evaluation was cancelled">
        {far} Predictions made so far are kept; a retry continues from there.
      </Alert>
    )
  const { title, remedy } = explainFailure(run.reasonCode)
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title}>
      <Text mb={4}>{remedy}</Text>
      {run.reason !== null && (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {run.reason}
        </Text>
      )}
      <Text size="sm" mt={4}>
        {far}
        {run.reasonCode !== null && ` Code: ${run.reasonCode}.`}
      </Text>
    </Alert>
  )
}
