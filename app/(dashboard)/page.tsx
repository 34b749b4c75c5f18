import { Grid, GridCol, Stack } from '@mantine/core'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { RefreshOnEvents } from '#app/_shell/refresh-on-events.tsx'
import { getOverviewNow } from '#app/(dashboard)/_overview/get-overview-now.ts'
import { AccuracyOverVersions } from './_overview/accuracy-over-versions.tsx'
import { AttentionList } from './_overview/attention-list.tsx'
import { FirstSteps } from './_overview/first-steps.tsx'
import { LatestRuns } from './_overview/latest-runs.tsx'
import { NewestVersion } from './_overview/newest-version.tsx'

export const metadata = { title: 'Overview' }

export default async function OverviewPage() {
  const { context, permissions } = await requirePageActor('evaluation-run:read')
  const overview = await getOverviewNow(context)
  const empty = overview.newestVersion === null && overview.latestRuns.length === 0
  return (
    <>
      <PageHeader title="Overview" description="Current model performance and open issues." />
      <RefreshOnEvents types={['run', 'snapshot', 'dependency']} />
      {empty ? (
        <FirstSteps
          mayWrite={permissions.includes('model-version:write')}
          mayInvite={permissions.includes('user:manage')}
        />
      ) : (
        <Grid gap="md">
          <GridCol span={{ base: 12, lg: 5 }}>
            <Stack>
              <NewestVersion newest={overview.newestVersion} />
              <AttentionList items={overview.attention} />
            </Stack>
          </GridCol>
          <GridCol span={{ base: 12, lg: 7 }}>
            <Stack>
              <AccuracyOverVersions versions={overview.accuracyOverVersions} />
              <LatestRuns runs={overview.latestRuns} />
            </Stack>
          </GridCol>
        </Grid>
      )}
    </>
  )
}
