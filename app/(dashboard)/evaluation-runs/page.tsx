import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { listRunChoices } from './list-run-choices.ts'
import { RunList } from './run-list.tsx'

export const metadata = { title: 'Evaluations' }

export default async function EvaluationRunsPage() {
  const { context, permissions } = await requirePageActor('evaluation-run:read')
  const mayLaunch = permissions.includes('evaluation-run:write')
  return (
    <>
      <PageHeader
        title="Evaluations"
        description="One model version, evaluated on a frozen snapshot of a dataset."
        actions={mayLaunch && <ButtonLink href="/evaluation-runs/new">Launch an evaluation</ButtonLink>}
      />
      <RunList choices={await listRunChoices(context)} mayLaunch={mayLaunch} />
    </>
  )
}
