import { Alert, SimpleGrid, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import { describeLeftOut } from '#lib/data/snapshot/left-out.ts'
import type { LeftOut } from '#lib/data/snapshot/schema.ts'
import { getRunCurves } from '#lib/model/evaluation-result/get-curves.ts'
import type { RunMetrics } from '#lib/model/evaluation-result/schema.ts'
import type { Context } from '#lib/platform/context.ts'
import { ClassTable } from './class-table.tsx'
import { ConfidencePanel } from './confidence-panel.tsx'
import { ConfusionMatrix } from './confusion-matrix.tsx'
import { describeFindings, weakestClass } from './describe-findings.ts'
import { HeadlineNumbers } from './headline-numbers.tsx'
import { ModalityTable } from './modality-table.tsx'
import { ReliabilityPanel } from './reliability-panel.tsx'
import { RocPanel } from './roc-panel.tsx'
import { SensitivityPanel } from './sensitivity-panel.tsx'

/** In a few sentences and the headline numbers: how good the version is on this dataset. */
export function Findings({ metrics, leftOut }: { metrics: RunMetrics; leftOut: LeftOut }) {
  const missing = describeLeftOut(leftOut)
  const [summary, comparison, ...cautions] = describeFindings(metrics)
  return (
    <Stack gap="md">
      <Panel title="Summary">
        <Text fz="lg" maw="75ch" style={{ overflowWrap: 'anywhere' }}>
          {summary} {comparison}
        </Text>
        {cautions.map((caution) => (
          <Text key={caution} size="sm" c="dimmed" mt={4}>
            {caution}
          </Text>
        ))}
        <Text size="sm" c="dimmed" mt={4}>
          {describeScope(metrics)}
        </Text>
        {missing !== null && (
          <Text size="sm" mt={4}>
            {missing}
          </Text>
        )}
      </Panel>
      <HeadlineNumbers intervals={metrics.intervals} />
      <ModalityTable metrics={metrics} />
    </Stack>
  )
}

function describeScope({ n, errors, excluded, classesPresent, findingClasses }: RunMetrics): string {
  const parts = [
    `${formatCount(n)} ${n === 1 ? 'image' : 'images'} with a prediction, of ${classesPresent} of the model’s ${findingClasses.length} classes`,
  ]
  if (errors > 0) parts.push(`${formatCount(errors)} could not be evaluated`)
  if (excluded > 0) parts.push(`${formatCount(excluded)} left out, of classes that the version does not know`)
  return `${parts.join('; ')}.`
}

/** Each class by itself, and what is taken for what. */
export function ByClass({ metrics, fileName }: { metrics: RunMetrics; fileName: string }) {
  const { findingClasses, intervals, confusion } = metrics
  const classes = findingClasses.flatMap(({ findingClass }) => {
    const statistic = intervals.findingClasses[findingClass]?.accuracy
    return statistic === undefined ? [] : [{ findingClass, statistic }]
  })
  return (
    <Stack gap="md">
      <ClassTable
        rows={findingClasses}
        intervals={intervals.findingClasses}
        weakest={weakestClass(findingClasses)?.findingClass ?? null}
      />
      <SensitivityPanel classes={classes} fileName={`${fileName}-sensitivity`} />
      <ConfusionMatrix confusion={confusion} />
    </Stack>
  )
}

/** Whether the probabilities can be trusted, and what a threshold on them would do. */
export async function Probabilities(props: {
  context: Context
  runId: string
  version: string
  fileName: string
}): Promise<ReactNode> {
  const curves = await getRunCurves(props.context, { id: props.runId })
  if (curves.n === 0) return <Alert color="gray">There are no predictions to chart.</Alert>
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <ReliabilityPanel
        version={props.version}
        reliability={curves.reliability}
        fileName={`${props.fileName}-calibration`}
      />
      <ConfidencePanel bins={curves.confidence.bins} fileName={`${props.fileName}-confidence`} />
      <RocPanel roc={curves.roc} fileName={`${props.fileName}-roc`} />
    </SimpleGrid>
  )
}
