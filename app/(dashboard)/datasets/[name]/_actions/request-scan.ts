'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { showNotice } from '#app/_shell/show-notice.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'

/** Asks for a new snapshot of the dataset; the page follows it by itself. */
export function useScanRequest(dataset: string) {
  const router = useRouter()
  const scan = useIdempotentCall(`/api/datasets/${encodeURIComponent(dataset)}/snapshots`)
  const [asking, setAsking] = useState(false)
  async function request(body: { allowLabelConflicts?: boolean }): Promise<void> {
    setAsking(true)
    try {
      await scan(body)
      router.refresh()
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      void showNotice({ color: 'red', title: 'The scan was not started', message: error.message })
    }
    setAsking(false)
  }
  return { asking, request }
}
