import type { Endpoint } from '#lib/api/endpoint.ts'

/** Every endpoint there is: what is not listed here is not served (the role × route test sees to that). */
export const ENDPOINTS: readonly Endpoint[] = []
