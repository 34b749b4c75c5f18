'use client'

import { Alert, Group, Loader, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '#app/_data/api.ts'
import { ButtonLink } from '#app/_shell/links.tsx'
import { useLiveEvent, usePollInterval } from '#app/_shell/live-events.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import { explainScanFailure } from '../scan-failure.ts'

/** Follows the scan that makes an upload's images part of the dataset, to its end. */
export function FollowedScan({ dataset, snapshotId }: { dataset: string; snapshotId: string }) {
  const queries = useQueryClient()
  const queryKey = ['snapshot', dataset, snapshotId]
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/datasets/{name}/snapshots/{id}', {
          params: { path: { name: dataset, id: snapshotId } },
          signal,
        }),
      ),
    refetchInterval: usePollInterval(),
  })
  useLiveEvent('snapshot', () => void queries.invalidateQueries({ queryKey }))
  const open = <ButtonLink href={pageOfDataset(dataset)}>Open the dataset</ButtonLink>
  if (data === undefined || data.status === 'scanning')
    return (
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text size="sm">
          The dataset is being scanned
          {data !== undefined && data.listed > 0 && ` (${counted(data.listed, 'file')} so far)`}. You can
          leave this page.
        </Text>
        {open}
      </Group>
    )
  if (data.status === 'failed')
    return (
      <Alert color="red" title="The scan failed" role="alert">
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{explainScanFailure(data)}</Text>
          {open}
        </Stack>
      </Alert>
    )
  return (
    <Alert color="teal" icon={<IconCircleCheck aria-hidden />} title="Upload complete" role="status">
      <Stack gap="xs" align="flex-start">
        <Text size="sm" className="figures">
          The new snapshot has {counted(data.images, 'image')}
          {data.skippedCount > 0 && `; ${counted(data.skippedCount, 'file')} skipped`}.
        </Text>
        {data.warnings.map(({ code, message }) => (
          <Text key={code} size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {message}
          </Text>
        ))}
        {open}
      </Stack>
    </Alert>
  )
}
