'use client'

import { Alert, Button, Stack, Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { api } from '#app/_data/api.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { FollowedScan } from './followed-scan.tsx'

/** Starts the scan by itself where everything has arrived; else when asked. */
export function AfterUpload(props: { dataset: string; stored: number; complete: boolean }) {
  const [snapshotId, setSnapshotId] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const begun = useRef(false)

  async function scan(): Promise<void> {
    setAsking(true)
    setFault(null)
    try {
      const params = { path: { name: props.dataset } }
      const { id } = await dataOf(api.POST('/api/datasets/{name}/snapshots', { params, body: {} }))
      setSnapshotId(id)
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      setFault(error.message)
    }
    setAsking(false)
  }

  const atOnce = props.complete && props.stored > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when everything has arrived
  useEffect(() => {
    if (!atOnce || begun.current) return
    begun.current = true
    void scan()
  }, [atOnce])

  if (props.stored === 0) return <Text size="sm">No images added. The dataset is unchanged.</Text>
  if (snapshotId !== null) return <FollowedScan dataset={props.dataset} snapshotId={snapshotId} />
  return (
    <Stack gap="xs" align="flex-start">
      {fault !== null && (
        <Alert color="red" role="alert">
          {fault}
        </Alert>
      )}
      <Button variant="default" loading={asking} onClick={() => void scan()}>
        Scan the uploaded images
      </Button>
    </Stack>
  )
}
