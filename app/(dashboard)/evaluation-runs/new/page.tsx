import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { listRunChoices } from '../list-run-choices.ts'
import { LaunchForm } from './launch-form.tsx'

export const metadata = { title: 'Launch an evaluation' }

export default async function LaunchPage({
  searchParams,
}: {
  searchParams: Promise<{ version?: string | string[]; dataset?: string | string[] }>
}) {
  const { context } = await requirePageActor('evaluation-run:write')
  const choices = await listRunChoices(context)
  const { version, dataset } = await searchParams
  return (
    <>
      <PageHeader
        title="Launch an evaluation"
        crumbs={[{ title: 'Evaluations', href: '/evaluation-runs' }]}
        description="The dataset is scanned and frozen first. Existing predictions of this version are reused."
      />
      <LaunchForm
        choices={{ ...choices, versions: choices.versions.filter(({ imported }) => !imported) }}
        wanted={{
          version: typeof version === 'string' ? version : null,
          dataset: typeof dataset === 'string' ? dataset : null,
        }}
      />
    </>
  )
}
