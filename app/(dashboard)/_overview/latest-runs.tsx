import { TableTd, TableTr, Text } from '@mantine/core'
import { LiveRunStatus } from '#app/_evaluation-run/live-run-status.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { formatRatio } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfDataset, pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'

/** The latest evaluations; running ones with their progress. */
export function LatestRuns({ runs }: { runs: readonly EvaluationRunSummary[] }) {
  return (
    <Panel title="Latest evaluations" actions={<TextLink href="/evaluation-runs">All evaluations</TextLink>}>
      {runs.length === 0 ? (
        <Text c="dimmed">No evaluations yet.</Text>
      ) : (
        <DataTable
          label="Latest evaluations"
          minWidth={520}
          columns={['Version', 'Dataset', 'Status', { title: 'Accuracy', right: true }, 'Started']}
        >
          {runs.map((run) => (
            <TableTr key={run.id}>
              <TableTd>
                <TextLink href={pageOfEvaluationRun(run.id)}>{run.versionLabel}</TextLink>
              </TableTd>
              <TableTd>
                <TextLink href={pageOfDataset(run.dataset)}>{run.dataset}</TextLink>
              </TableTd>
              <TableTd>
                <LiveRunStatus id={run.id} status={run.status} progress={run.progress} />
              </TableTd>
              <TableTd ta="right" className="figures">
                {formatRatio(run.accuracy?.value)}
              </TableTd>
              <TableTd>
                <Instant at={run.createdAt.toISOString()} />
              </TableTd>
            </TableTr>
          ))}
        </DataTable>
      )}
    </Panel>
  )
}
