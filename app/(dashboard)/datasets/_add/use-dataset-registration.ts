import { useRef } from 'react'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'

type NewDataset = { name: string; location?: string; patientPattern?: string }

/** Registers a dataset once: when a later step failed, sending the same form again goes on with that step. */
export function useDatasetRegistration(): (dataset: NewDataset) => Promise<void> {
  const register = useIdempotentCall('/api/datasets')
  const registered = useRef<string | null>(null)
  return async (dataset) => {
    const text = JSON.stringify(dataset)
    if (registered.current === text) return
    await register(dataset)
    registered.current = text
  }
}
