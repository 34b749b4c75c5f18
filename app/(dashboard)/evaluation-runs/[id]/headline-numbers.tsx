import { Group, Paper, SimpleGrid, Text } from '@mantine/core'
import {
  formatCount,
  formatNumber,
  formatRatio,
  formatRatioInterval,
  UNDEFINED_NUMBER,
} from '#app/_format/ratio.ts'
import { Explain } from '#app/_shell/explain.tsx'
import type { RunMetrics } from '#lib/model/evaluation-result/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { METRIC_MEANINGS, METRIC_NAMES, type MetricName, meaningId } from './metric-meanings.ts'

/** The numbers of all classes together, each with its interval and the images it stands on. */
export function HeadlineNumbers({ intervals }: { intervals: RunMetrics['intervals'] }) {
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 4 }}
      spacing="sm"
      component="ul"
      p={0}
      m={0}
      style={{ listStyle: 'none' }}
    >
      {METRIC_NAMES.map((name) => (
        <MetricCard
          key={name}
          name={name}
          statistic={intervals[name]}
          byPatient={name === 'accuracy' ? intervals.accuracyByPatient : undefined}
        />
      ))}
    </SimpleGrid>
  )
}

function MetricCard(props: { name: MetricName; statistic: Statistic; byPatient: Statistic | undefined }) {
  const { name, statistic, byPatient } = props
  const { title, meaning, unit, lowerIsBetter } = METRIC_MEANINGS[name]
  const methods = [statistic, ...(byPatient === undefined ? [] : [byPatient])].map(({ method }) => method)
  return (
    <Paper withBorder p="sm" component="li">
      <Group gap={4} wrap="nowrap" align="flex-start" justify="space-between">
        <Text size="sm" fw={550}>
          {title}
        </Text>
        <Explain title={title} detail={`Interval: ${methods.join('; ')}.`} moreHref={`#${meaningId(name)}`}>
          {[
            meaning,
            ...(lowerIsBetter ? [LOWER] : []),
            ...(byPatient === undefined ? [] : [BY_PATIENT]),
          ].join(' ')}
        </Explain>
      </Group>
      <Text fz={26} fw={650} lh={1.25} className="figures">
        {unit === 'ratio' ? formatRatio(statistic.value) : formatNumber(statistic.value)}
      </Text>
      <Text size="xs" c="dimmed" className="figures">
        95% CI {formatInterval(statistic, unit)}
      </Text>
      {byPatient !== undefined && (
        <Text size="xs" c="dimmed" className="figures">
          by patient: {formatInterval(byPatient, unit)}
        </Text>
      )}
      <Text size="xs" c="dimmed" className="figures">
        n = {formatCount(statistic.n)}
        {lowerIsBetter && ', lower is better'}
      </Text>
    </Paper>
  )
}

const LOWER = 'Lower is better.'
const BY_PATIENT = 'Some patients have several similar images: use the interval by patient.'

function formatInterval(statistic: Statistic, unit: 'ratio' | 'number'): string {
  if (unit === 'ratio') return formatRatioInterval(statistic)
  if (statistic.low === null || statistic.high === null) return UNDEFINED_NUMBER
  return `${formatNumber(statistic.low)} to ${formatNumber(statistic.high)}`
}
