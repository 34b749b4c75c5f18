import { Code } from '@mantine/core'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { listDatasets } from '#lib/data/dataset/queries.ts'
import { ImportForm } from './import-form.tsx'

export const metadata = { title: 'Import predictions' }

const MOST_DATASETS = 500

export default async function ImportPredictionsPage() {
  const { context } = await requirePageActor('evaluation-run:write')
  const datasets = await listDatasets(context, { after: null, take: MOST_DATASETS })
  return (
    <>
      <PageHeader
        title="Import predictions"
        crumbs={[{ title: 'Model versions', href: '/model-versions' }]}
        description={
          <>
            Import the predictions of a model that runs elsewhere, to compare it with others. CSV columns:{' '}
            <Code>imageKey</Code> ( <Code>class/file</Code>, as in the dataset), <Code>referenceClass</Code>,
            optional <Code>patient</Code>, and one column of probabilities per finding class.
          </>
        }
      />
      <ImportForm datasets={datasets.map(({ name }) => name)} />
    </>
  )
}
