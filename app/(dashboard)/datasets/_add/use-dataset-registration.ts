import { useRef } from 'react'
import { api } from '#app/_data/api.ts'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { ApiBody } from '#lib/delivery/client/api-paths.ts'

type NewDataset = ApiBody<'/api/datasets', 'post'>

/** Registers a dataset once: when a later step failed, sending the same form again goes on with that step. */
export function useDatasetRegistration(): (dataset: NewDataset) => Promise<void> {
  const register = useIdempotentCall((body: NewDataset, header) =>
    dataOf(api.POST('/api/datasets', { body, params: { header } })),
  )
  const registered = useRef<string | null>(null)
  return async (dataset) => {
    const text = JSON.stringify(dataset)
    if (registered.current === text) return
    await register(dataset)
    registered.current = text
  }
}
