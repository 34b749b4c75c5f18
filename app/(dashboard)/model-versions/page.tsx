import { Group, Stack } from '@mantine/core'
import { z } from 'zod'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink, TextLink } from '#app/_shell/links.tsx'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { RefreshOnEvents } from '#app/_shell/refresh-on-events.tsx'
import { AccuracyOverVersions } from '#app/(dashboard)/_overview/accuracy-over-versions.tsx'
import { getModelVersion, listModelVersions } from '#lib/model/registry/queries.ts'
import { findActorNames } from '#lib/platform/auth/find-actor-names.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { accuracyPoints } from './accuracy-points.ts'
import { VersionTable } from './version-table.tsx'

export const metadata = { title: 'Model versions' }

const PAGE_SIZE = 50
const querySchema = z.object({ after: z.uuid().optional().catch(undefined) })

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

export default async function ModelVersionsPage({ searchParams }: Props) {
  const { context, permissions } = await requirePageActor('model-version:read')
  const { after } = querySchema.parse(await searchParams)
  const position = after === undefined ? null : await findVersion(context, after)
  const found = await listModelVersions(context, { after: position, take: PAGE_SIZE + 1 })
  const versions = found.slice(0, PAGE_SIZE)
  const mayWrite = permissions.includes('model-version:write')
  const names = await findActorNames(
    context,
    versions.map(({ createdBy }) => createdBy),
  )
  const last = found.length > PAGE_SIZE ? versions.at(-1) : undefined
  return (
    <>
      <PageHeader
        title="Model versions"
        description="All model versions, newest first."
        actions={
          <>
            {permissions.includes('evaluation-run:write') && (
              <ButtonLink href="/model-versions/import" variant="default">
                Import predictions
              </ButtonLink>
            )}
            {mayWrite && <ButtonLink href="/model-versions/new">Add a version</ButtonLink>}
          </>
        }
      />
      <RefreshOnEvents types={['run']} />
      {versions.length === 0 ? (
        <NoVersions mayWrite={mayWrite} isFirstPage={position === null} />
      ) : (
        <Stack>
          <VersionTable versions={versions} names={names} />
          <Group justify="space-between">
            {position === null ? <span /> : <TextLink href="/model-versions">The newest versions</TextLink>}
            {last !== undefined && (
              <ButtonLink href={`/model-versions?after=${last.id}`} variant="default" size="xs">
                Older versions
              </ButtonLink>
            )}
          </Group>
          <AccuracyOverVersions versions={accuracyPoints(versions)} />
        </Stack>
      )}
    </>
  )
}

function NoVersions({ mayWrite, isFirstPage }: { mayWrite: boolean; isFirstPage: boolean }) {
  if (!isFirstPage)
    return (
      <EmptyState
        title="No older versions"
        action={<TextLink href="/model-versions">The newest versions</TextLink>}
      >
        There are no more versions.
      </EmptyState>
    )
  return (
    <EmptyState
      title="No model versions yet"
      action={mayWrite && <ButtonLink href="/model-versions/new">Add a version</ButtonLink>}
    >
      Model versions and their accuracy appear here.{' '}
      {mayWrite ? 'Upload an ONNX file and its card to begin.' : 'An ML lead can add one.'}
    </EmptyState>
  )
}

/** A page's position that is no version leads to the first page. */
async function findVersion(context: Context, id: string) {
  try {
    return await getModelVersion(context, { id })
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') return null
    throw error
  }
}
