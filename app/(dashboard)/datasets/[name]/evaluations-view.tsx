import { TableTd, TableTh, TableTr } from '@mantine/core'
import { LiveRunStatus } from '#app/_evaluation-run/live-run-status.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink, TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import { listEvaluationRuns } from '#lib/model/evaluation-run/queries.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Permission } from '#lib/platform/permissions.ts'

const SHOWN_RUNS = 25

/** The newest evaluations on this dataset; the list of all can be sorted. */
export async function EvaluationsView(props: {
  context: Context
  dataset: string
  permissions: readonly Permission[]
}) {
  const { context, dataset, permissions } = props
  const runs = await listEvaluationRuns(context, { dataset, after: null, take: SHOWN_RUNS })
  const address = encodeURIComponent(dataset)
  if (runs.length === 0)
    return (
      <EmptyState
        title="No evaluations on this dataset"
        action={
          permissions.includes('evaluation-run:write') && (
            <ButtonLink href={`/evaluation-runs/new?dataset=${address}`}>Evaluate a model version</ButtonLink>
          )
        }
      >
        An evaluation measures a model version on these images.
      </EmptyState>
    )
  return (
    <Panel
      title="Latest evaluations"
      actions={<TextLink href={`/evaluation-runs?dataset=${address}`}>Show all</TextLink>}
    >
      <DataTable
        label="Evaluations"
        minWidth={640}
        columns={[
          'Version',
          'Status',
          { title: 'Accuracy', right: true },
          { title: '95% CI', right: true },
          { title: 'Images', right: true },
          'Started',
        ]}
      >
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </DataTable>
    </Panel>
  )
}

function RunRow({ run }: { run: EvaluationRunSummary }) {
  return (
    <TableTr>
      <TableTh scope="row" fw={550}>
        <TextLink href={pageOfEvaluationRun(run.id)}>{run.versionLabel}</TextLink>
      </TableTh>
      <TableTd>
        <LiveRunStatus id={run.id} status={run.status} progress={run.progress} />
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatRatio(run.accuracy?.value)}
      </TableTd>
      <TableTd ta="right" className="figures">
        {run.accuracy === null ? '–' : formatRatioInterval(run.accuracy)}
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatCount(run.progress.total - run.progress.errors)}
      </TableTd>
      <TableTd>
        <Instant at={run.createdAt.toISOString()} />
      </TableTd>
    </TableTr>
  )
}
