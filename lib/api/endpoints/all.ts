import type { Endpoint } from '#lib/api/endpoint.ts'
import { COMPATIBILITY_ENDPOINTS } from './compatibility.ts'
import { DATASET_ENDPOINTS } from './datasets.ts'
import { SERVICE_ENDPOINTS } from './health.ts'

/** Every endpoint there is: what is not listed here is not served (the role × route test sees to that). */
export const ENDPOINTS: readonly Endpoint[] = [
  ...SERVICE_ENDPOINTS,
  ...DATASET_ENDPOINTS,
  ...COMPATIBILITY_ENDPOINTS,
]
