'use client'

import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useScanRequest } from './request-scan.ts'

/** Scans the dataset again and freezes a new snapshot. */
export function ScanButton({ dataset, scanning }: { dataset: string; scanning: boolean }) {
  const { asking, request } = useScanRequest(dataset)
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} aria-hidden />}
      loading={asking}
      disabled={scanning}
      onClick={() => void request({})}
    >
      {scanning ? 'Scanning' : 'Scan again'}
    </Button>
  )
}
