import { Skeleton, Stack } from '@mantine/core'
import type { Metadata } from 'next'
import { Suspense } from 'react'
import { RunStatusBadge } from '#app/_evaluation-run/run-status-badge.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { PageSection, SectionNav } from '#app/_shell/page-sections.tsx'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import { ConfidentErrors } from './confident-errors.tsx'
import { ErrorRows } from './error-rows.tsx'
import { getRunOfPage } from './get-run-page.ts'
import { LazySlicesPanel } from './lazy-slices-panel.tsx'
import { LeakagePanel } from './leakage-panel.tsx'
import { ByClass, Findings, Probabilities } from './measured-run.tsx'
import { NumberMeanings } from './number-meanings.tsx'
import { RefreshOnChange } from './refresh-on-change.tsx'
import { RunActions } from './run-actions.tsx'
import { RunClassesProvider } from './run-classes.tsx'
import { RunFacts } from './run-facts.tsx'
import { RunGallery } from './run-gallery.tsx'
import { RunOutcome } from './run-outcome.tsx'
import { RunProgress } from './run-progress.tsx'
import { isOver, runState } from './run-state.ts'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { run } = await getRunOfPage((await params).id)
  return { title: `${run.versionLabel} on ${run.dataset}` }
}

export default async function EvaluationRunPage({ params }: Props) {
  const { context, run } = await getRunOfPage((await params).id)
  const version = await getModelVersion(context, { id: run.modelVersionId })
  const metrics = run.status === 'succeeded' ? await getEvaluationMetrics(context, { id: run.id }) : null
  const { findingClasses } = version
  const fileName = `${run.versionLabel}-on-${run.dataset}`.replaceAll(/[^\w.-]+/g, '-')
  const hasErrors = isOver(run) && run.progress.errors > 0
  const sections = [
    { id: 'classes', title: 'Finding classes', shown: metrics !== null },
    { id: 'probabilities', title: 'Probabilities', shown: metrics !== null },
    { id: 'parts', title: 'Subgroups', shown: metrics !== null },
    { id: 'mistakes', title: 'Confident errors', shown: metrics !== null },
    { id: 'errors', title: 'No prediction', shown: hasErrors },
    { id: 'facts', title: 'Run details', shown: true },
    { id: 'meanings', title: 'Definitions', shown: metrics !== null },
    { id: 'images', title: 'Images', shown: isOver(run) && run.progress.done > 0 },
  ].filter(({ shown }) => shown)
  return (
    <RunClassesProvider classes={findingClasses}>
      <RefreshOnChange runId={run.id} status={run.status} />
      <PageHeader
        title={`${run.versionLabel} on ${run.dataset}`}
        crumbs={[{ title: 'Evaluations', href: '/evaluation-runs' }]}
        description={
          <>
            <RunStatusBadge status={run.status} progress={{ ...run.progress, total: 0 }} /> started by{' '}
            {run.createdByName}, <Instant at={run.createdAt.toISOString()} />
          </>
        }
        actions={
          <RunActions
            run={{
              id: run.id,
              modelVersionId: run.modelVersionId,
              dataset: run.dataset,
              status: run.status,
              errors: run.progress.errors,
            }}
            fileName={fileName}
          />
        }
      />
      {sections.length > 2 && <SectionNav sections={sections} />}
      <Stack gap="xl">
        {!isOver(run) && <RunProgress initial={runState(run)} />}
        {(run.status === 'failed' || run.status === 'cancelled') && <RunOutcome run={run} />}
        {metrics !== null && (
          <>
            <Findings metrics={metrics} leftOut={run.leftOut} />
            <PageSection id="classes">
              <ByClass metrics={metrics} fileName={fileName} />
            </PageSection>
            <PageSection id="probabilities">
              <Suspense fallback={<Skeleton h={480} />}>
                <Probabilities
                  context={context}
                  runId={run.id}
                  version={run.versionLabel}
                  fileName={fileName}
                />
              </Suspense>
            </PageSection>
            <PageSection id="parts">
              <LazySlicesPanel runId={run.id} epoch={run.finishedAt?.toISOString() ?? ''} />
            </PageSection>
            <PageSection id="mistakes">
              <Suspense fallback={<Skeleton h={280} />}>
                <ConfidentErrors context={context} runId={run.id} classes={findingClasses} />
              </Suspense>
            </PageSection>
          </>
        )}
        {hasErrors && (
          <PageSection id="errors">
            <Suspense fallback={<Skeleton h={200} />}>
              <ErrorRows
                context={context}
                runId={run.id}
                classes={findingClasses}
                errors={run.progress.errors}
              />
            </Suspense>
          </PageSection>
        )}
        <PageSection id="facts">
          <Stack gap="md">
            <Suspense fallback={<Skeleton h={240} />}>
              <RunFacts context={context} run={run} version={version} />
            </Suspense>
            {metrics !== null && (
              <Suspense fallback={<Skeleton h={110} />}>
                <LeakagePanel context={context} runId={run.id} />
              </Suspense>
            )}
          </Stack>
        </PageSection>
        {metrics !== null && (
          <PageSection id="meanings">
            <NumberMeanings />
          </PageSection>
        )}
        {isOver(run) && run.progress.done > 0 && (
          <RunGallery runId={run.id} version={run.finishedAt?.toISOString() ?? ''} />
        )}
      </Stack>
    </RunClassesProvider>
  )
}
