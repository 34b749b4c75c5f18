import { Badge, Box, Group, Paper, TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { formatBytes } from '#app/_format/measure.ts'
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { pageOfEvaluationRun, pageOfModelVersion } from '#lib/delivery/search/page-address.ts'
import { decisiveEvaluation } from '#lib/model/registry/evaluations.ts'
import type { ModelVersionView, VersionEvaluation } from '#lib/model/registry/schema.ts'

/** Versions, each with the accuracy by which it is judged. */
export function VersionTable(props: {
  versions: readonly ModelVersionView[]
  names: ReadonlyMap<string, string>
}) {
  return (
    <Paper withBorder>
      <DataTable
        label="Model versions"
        minWidth={820}
        columns={[
          'Version',
          { title: 'Accuracy (95% CI)', width: 260 },
          'Finding classes',
          { title: 'Evaluations', right: true },
          { title: 'Size', right: true },
          'Added',
        ]}
      >
        {props.versions.map((version) => (
          <Row
            key={version.id}
            version={version}
            by={props.names.get(version.createdBy) ?? version.createdBy}
          />
        ))}
      </DataTable>
    </Paper>
  )
}

function Row({ version, by }: { version: ModelVersionView; by: string }) {
  return (
    <TableTr>
      <TableTh scope="row" fw={550} miw={180} style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          <TextLink href={pageOfModelVersion(version.id)}>{version.label}</TextLink>
          {version.stage !== null && (
            <Badge variant="light" tt="none">
              {version.stage}
            </Badge>
          )}
        </Group>
      </TableTh>
      <TableTd>
        <Accuracy evaluation={decisiveEvaluation(version.latestEvaluations)} />
      </TableTd>
      <TableTd className="figures">{formatCount(version.findingClasses.length)}</TableTd>
      <TableTd ta="right" className="figures">
        {formatCount(version.evaluations)}
      </TableTd>
      <TableTd ta="right" className="figures" style={{ whiteSpace: 'nowrap' }}>
        {formatBytes(version.sizeBytes)}
      </TableTd>
      <TableTd>
        <Instant at={version.createdAt.toISOString()} />
        <Text size="xs" c="dimmed">
          by {by}
        </Text>
      </TableTd>
    </TableTr>
  )
}

function Accuracy({ evaluation }: { evaluation: VersionEvaluation | null }) {
  if (evaluation === null)
    return (
      <Text size="sm" c="dimmed">
        Not evaluated yet
      </Text>
    )
  const { accuracy, dataset, evaluationRunId } = evaluation
  return (
    <Box maw={260}>
      <Group justify="space-between" gap="xs" wrap="nowrap" className="figures">
        <Text fw={600} inherit component="span">
          {formatRatio(accuracy.value)}
        </Text>
        <Text size="xs" c="dimmed" component="span">
          {formatRatioInterval(accuracy)}
        </Text>
      </Group>
      <IntervalBar statistic={accuracy} height={6} />
      <Text size="xs" c="dimmed" className="figures">
        {formatCount(accuracy.n)} images,{' '}
        <TextLink href={pageOfEvaluationRun(evaluationRunId)} size="xs" underline="always">
          {dataset}
        </TextLink>
      </Text>
    </Box>
  )
}
