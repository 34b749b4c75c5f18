import { Skeleton, Stack } from '@mantine/core'
import { Suspense } from 'react'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { listDatasets } from '#lib/data/dataset/queries.ts'
import { listComparableVersions } from '#lib/model/comparison/list-comparable-versions.ts'
import { FINAL_DATASET } from '#lib/model/registry/evaluations.ts'
import type { Context } from '#lib/platform/context.ts'
import { choosePair, readCompareQuery } from './compare-query.ts'
import { gateQuery } from './compared-filter.ts'
import { Comparison } from './comparison.tsx'
import { ComparisonExport } from './comparison-export.tsx'
import { PairChoice } from './pair-choice.tsx'

export const metadata = { title: 'Compare' }

const MOST_DATASETS = 500

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ComparePage({ searchParams }: Props) {
  const { context, permissions } = await requirePageActor('evaluation-run:read')
  const query = readCompareQuery(await searchParams)
  const datasets = await listDatasetNames(context)
  const dataset = query.dataset ?? (datasets.includes(FINAL_DATASET) ? FINAL_DATASET : datasets[0])
  const versions = dataset === undefined ? [] : await listComparableVersions(context, { dataset })
  const chosen = choosePair(versions, query)
  const pair =
    chosen === null || dataset === undefined ? null : { ...chosen, dataset, intersection: query.intersection }
  const gate = gateQuery(query.gateRules)
  const mayLaunch = permissions.includes('evaluation-run:write')
  return (
    <>
      <PageHeader
        title="Compare"
        description="Two versions on the same images: which is better, in which classes, and is the difference significant?"
        actions={pair !== null && <ComparisonExport pair={pair} gate={gate} />}
      />
      {dataset !== undefined && (
        <PairChoice
          key={`${dataset} ${pair?.baseline} ${pair?.candidate}`}
          datasets={datasets}
          dataset={dataset}
          versions={versions.map(({ modelVersionId, label }) => ({ id: modelVersionId, label }))}
          pair={pair}
          gate={gate}
        />
      )}
      {pair === null ? (
        <NothingToCompare dataset={dataset} mayLaunch={mayLaunch} versions={versions.length} />
      ) : (
        <Suspense key={JSON.stringify([pair, query.gateRules])} fallback={<ComparisonSkeleton />}>
          <Comparison
            context={context}
            pair={pair}
            gateRules={query.gateRules}
            versions={versions}
            mayLaunch={mayLaunch}
          />
        </Suspense>
      )}
    </>
  )
}

async function listDatasetNames(context: Context): Promise<string[]> {
  const datasets = await listDatasets(context, { after: null, take: MOST_DATASETS })
  return datasets.map(({ name }) => name)
}

function ComparisonSkeleton() {
  return (
    <Stack gap="md" aria-busy="true" aria-label="Comparing the versions">
      <Skeleton h={150} />
      <Skeleton h={260} />
      <Skeleton h={420} />
    </Stack>
  )
}

function NothingToCompare(props: { dataset: string | undefined; versions: number; mayLaunch: boolean }) {
  const { dataset, versions, mayLaunch } = props
  const address =
    dataset === undefined
      ? '/evaluation-runs/new'
      : `/evaluation-runs/new?dataset=${encodeURIComponent(dataset)}`
  return (
    <EmptyState
      title={
        versions === 0
          ? 'No version has been evaluated on this dataset yet'
          : 'Only one version has been evaluated on this dataset yet'
      }
      action={mayLaunch && <ButtonLink href={address}>Evaluate a model version</ButtonLink>}
    >
      A comparison needs two model versions with a completed evaluation on the same dataset.
    </EmptyState>
  )
}
