import { Alert, Grid, GridCol, List, ListItem, Stack, Text } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { cache } from 'react'
import { z } from 'zod'
import { Instant } from '#app/_format/instant.tsx'
import { AdmissionReport } from '#app/_model-version/admission-report.tsx'
import { describePreprocessing } from '#app/_model-version/describe-preprocessing.ts'
import { ButtonLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { RefreshOnEvents } from '#app/_shell/refresh-on-events.tsx'
import { listVersionEvaluations } from '#lib/model/registry/evaluations.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'
import { findActorNames } from '#lib/platform/auth/find-actor-names.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { ArchiveVersion } from './archive-version.tsx'
import { EvaluationTable } from './evaluation-table.tsx'
import { Lineage } from './lineage.tsx'
import { ModelFile } from './model-file.tsx'
import { VersionClasses } from './version-classes.tsx'
import { VersionTrend } from './version-trend.tsx'

type Props = { params: Promise<{ id: string }> }

const SHOWN_EVALUATIONS = 100

/** Once for the title and the page. */
const loadVersion = cache(async (id: string) => {
  const { context, permissions } = await requirePageActor('model-version:read')
  if (!z.uuid().safeParse(id).success) notFound()
  try {
    return { version: await getModelVersion(context, { id }), context, permissions }
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') notFound()
    throw error
  }
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { version } = await loadVersion((await params).id)
  return { title: version.label }
}

export default async function ModelVersionPage({ params }: Props) {
  const { version, context, permissions } = await loadVersion((await params).id)
  const found = { modelVersionId: version.id, after: null, take: SHOWN_EVALUATIONS }
  const evaluations = await listVersionEvaluations(context, found)
  const names = await findActorNames(context, [version.createdBy])
  const usable = version.archivedAt === null && version.sha256 !== null
  return (
    <>
      <PageHeader
        title={version.label}
        crumbs={[{ title: 'Model versions', href: '/model-versions' }]}
        description={
          <>
            Added <Instant at={version.createdAt.toISOString()} /> by{' '}
            {names.get(version.createdBy) ?? version.createdBy}
            {version.stage !== null && `, in use for ${version.stage}`}
          </>
        }
        actions={
          <>
            {version.evaluations > 0 && permissions.includes('evaluation-run:read') && (
              <ButtonLink href={`/compare?candidate=${version.id}`} variant="default">
                Compare
              </ButtonLink>
            )}
            {usable && permissions.includes('prediction:create') && (
              <ButtonLink href={`/try-an-image?version=${version.id}`} variant="default">
                Run on an image
              </ButtonLink>
            )}
            {usable && permissions.includes('evaluation-run:write') && (
              <ButtonLink href={`/evaluation-runs/new?version=${version.id}`}>Evaluate</ButtonLink>
            )}
          </>
        }
      />
      <RefreshOnEvents types={['run']} />
      {version.archivedAt !== null && (
        <Alert color="gray" icon={<IconArchive aria-hidden />} mb="md">
          Archived <Instant at={version.archivedAt.toISOString()} />: results stay available, new evaluations
          are blocked.
        </Alert>
      )}
      <Grid gap="md">
        <GridCol span={{ base: 12, lg: 7 }}>
          <Stack>
            <EvaluationTable
              modelVersionId={version.id}
              evaluations={evaluations}
              total={version.evaluations}
            />
            <VersionTrend evaluations={trendOf(evaluations)} fileName={version.label.replaceAll(' ', '-')} />
            <Panel title="Finding classes" description="In the order of the model’s outputs.">
              <VersionClasses findingClasses={version.findingClasses} modalities={version.card.modalities} />
            </Panel>
          </Stack>
        </GridCol>
        <GridCol span={{ base: 12, lg: 5 }}>
          <Stack>
            <ModelFile version={version} />
            <Panel title="Validation" description="Checks made before the version was added.">
              <AdmissionReport report={version.admission} findingClasses={version.findingClasses} />
            </Panel>
            <Panel title="Preprocessing" description="Applied to every image; part of the version.">
              <Preparation version={version} />
            </Panel>
            <Lineage lineage={version.lineage} />
            {permissions.includes('model-version:write') && version.archivedAt === null && (
              <ArchiveVersion id={version.id} label={version.label} />
            )}
          </Stack>
        </GridCol>
      </Grid>
    </>
  )
}

function Preparation({ version }: { version: ModelVersionView }) {
  if (version.preprocessing === null)
    return (
      <Text size="sm" c="dimmed">
        Predictions were imported; there is no preprocessing here.
      </Text>
    )
  return (
    <List type="ordered" size="sm" spacing={4}>
      {describePreprocessing(version.card).map((step) => (
        <ListItem key={step}>{step}</ListItem>
      ))}
    </List>
  )
}

function trendOf(evaluations: Awaited<ReturnType<typeof listVersionEvaluations>>) {
  return evaluations.map(({ dataset, accuracy, finishedAt, n }) => ({
    ...{ dataset, accuracy, n },
    finishedAt: finishedAt.toISOString(),
  }))
}
