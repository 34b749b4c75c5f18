import { Badge, Box, Group, TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { StatisticCell } from '#app/_charts/statistic-cell.tsx'
import { formatBytes, formatMilliseconds } from '#app/_format/measure.ts'
import { nameProvider } from '#app/_format/name-provider.ts'
import { formatCount, formatPoints, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfEvaluationRun, pageOfModelVersion } from '#lib/delivery/search/page-address.ts'
import { type HeldOutUse, selectionOptimism } from '#lib/model/comparison/held-out-use.ts'
import type { ComparableVersion } from '#lib/model/comparison/list-comparable-versions.ts'
import { type ComparedPair, comparePage } from './compared-filter.ts'

/** Every version on this dataset, each with the way to compare it. */
export function VersionsOnDataset(props: {
  versions: readonly ComparableVersion[]
  use: HeldOutUse
  pair: ComparedPair
  /** The gate's rules, which stay. */
  gate: string
}) {
  const { versions, use, pair, gate } = props
  return (
    <Panel
      title={`All versions on ${pair.dataset}`}
      description="Latest evaluation of each version. Inference: mean time per image. Overlapping intervals do not prove two versions equal: compare them."
    >
      <HeldOutNotice use={use} versions={versions} />
      <DataTable
        label="All versions"
        minWidth={1040}
        figures
        columns={[
          'Version',
          { title: 'Accuracy (95% CI)', width: 220 },
          { title: 'Macro F1', right: true },
          { title: 'Macro AUROC', right: true },
          { title: 'ECE', right: true },
          { title: 'Images', right: true },
          { title: 'Size', right: true },
          { title: 'Inference', right: true },
          'Trained on',
          'Compare as',
        ]}
      >
        {versions.map((version) => (
          <Row key={version.modelVersionId} version={version} pair={pair} gate={gate} />
        ))}
      </DataTable>
    </Panel>
  )
}

/** More than this is more than most versions differ by. */
const WORN_OUT = 0.01

/** How often this dataset was used to choose a version, and how much that inflates the best one's accuracy. */
function HeldOutNotice({ use, versions }: { use: HeldOutUse; versions: readonly ComparableVersion[] }) {
  const best = versions.reduce<ComparableVersion | null>(
    (one, other) => ((other.accuracy.value ?? 0) > (one?.accuracy.value ?? -1) ? other : one),
    null,
  )
  const optimism = best === null || use.versions < 2 ? null : selectionOptimism(best.accuracy, use.versions)
  const isWornOut = optimism !== null && optimism >= WORN_OUT
  const looks = `${formatCount(use.runs)} ${use.runs === 1 ? 'time' : 'times'}`
  const lookers = `${formatCount(use.versions)} ${use.versions === 1 ? 'version' : 'versions'}`
  return (
    <Text size="sm" mb="sm" maw="80ch" c={isWornOut ? 'inherit' : 'dimmed'} fw={isWornOut ? 550 : 400}>
      This dataset has been evaluated {looks}, with {lookers}.
      {optimism !== null &&
        ` Selecting the best of ${lookers} here overstates its accuracy by about ${formatPoints(optimism)} on average.`}
      {isWornOut && ' Select on another dataset; keep this one for the final test.'}
    </Text>
  )
}

function Row({ version, pair, gate }: { version: ComparableVersion; pair: ComparedPair; gate: string }) {
  const { modelVersionId, label, accuracy } = version
  return (
    <TableTr>
      <TableTh scope="row" fw={550} miw={150}>
        <Group gap="xs">
          <TextLink href={pageOfModelVersion(modelVersionId)} inherit>
            {label}
          </TextLink>
          {version.archived && (
            <Badge color="gray" variant="light" tt="none" size="sm">
              archived
            </Badge>
          )}
        </Group>
      </TableTh>
      <TableTd>
        <Box maw={220}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <TextLink href={pageOfEvaluationRun(version.evaluationRunId)} inherit fw={600}>
              {formatRatio(accuracy.value)}
            </TextLink>
            <Text size="xs" c="dimmed" component="span">
              {formatRatioInterval(accuracy)}
            </Text>
          </Group>
          <IntervalBar statistic={accuracy} height={6} />
        </Box>
      </TableTd>
      <StatisticCell value={version.macroF1.value} interval={version.macroF1} />
      <StatisticCell value={version.macroAuroc.value} interval={version.macroAuroc} />
      <StatisticCell value={version.ece.value} interval={version.ece} />
      <TableTd ta="right">{formatCount(accuracy.n)}</TableTd>
      <TableTd ta="right" style={{ whiteSpace: 'nowrap' }}>
        {formatBytes(version.sizeBytes)}
      </TableTd>
      <TableTd ta="right" style={{ whiteSpace: 'nowrap' }}>
        {formatMilliseconds(version.inferenceSeconds)}
        {version.inferenceSeconds !== null && version.provider !== null && (
          <Text size="xs" c="dimmed">
            {nameProvider(version.provider)}
          </Text>
        )}
      </TableTd>
      <TableTd>
        <Text size="sm" maw={180} style={{ overflowWrap: 'anywhere' }}>
          {version.trainedOn.length === 0 ? 'not stated' : version.trainedOn.join(', ')}
        </Text>
      </TableTd>
      <TableTd style={{ whiteSpace: 'nowrap' }}>
        <Choice side="baseline" id={modelVersionId} label={label} pair={pair} gate={gate} />
        {', '}
        <Choice side="candidate" id={modelVersionId} label={label} pair={pair} gate={gate} />
      </TableTd>
    </TableTr>
  )
}

function Choice(props: {
  side: 'baseline' | 'candidate'
  id: string
  label: string
  pair: ComparedPair
  gate: string
}) {
  const { side, id, label, pair, gate } = props
  if (pair[side] === id) return <strong>{side}</strong>
  const other = side === 'baseline' ? 'candidate' : 'baseline'
  // The one that is the other side takes the place of this one: a version with itself is no comparison.
  const swapped = pair[other] === id ? { [other]: pair[side] } : {}
  return (
    <TextLink
      href={comparePage({ ...pair, ...swapped, [side]: id, intersection: false }) + gate}
      size="sm"
      underline="always"
      aria-label={`${label} as ${side}`}
    >
      {side}
    </TextLink>
  )
}
