'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { api } from '#app/_data/api.ts'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { showNotice } from '#app/_shell/show-notice.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { ApiBody } from '#lib/delivery/client/api-paths.ts'

type Wanted = NonNullable<ApiBody<'/api/datasets/{name}/snapshots', 'post'>>

/** Asks for a new snapshot of the dataset; the page follows it by itself. */
export function useScanRequest(dataset: string) {
  const router = useRouter()
  const scan = useIdempotentCall((body: Wanted, header) =>
    dataOf(api.POST('/api/datasets/{name}/snapshots', { params: { path: { name: dataset }, header }, body })),
  )
  const [asking, setAsking] = useState(false)
  async function request(body: Wanted): Promise<void> {
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
