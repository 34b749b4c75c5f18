import type { Endpoint } from '#lib/platform/api/endpoint.ts'
import { API_KEY_ENDPOINTS } from './api-keys.ts'
import { AUDIT_ENDPOINTS } from './audit-events.ts'
import { SIGN_IN_ENDPOINTS } from './auth.ts'
import { COMPATIBILITY_ENDPOINTS } from './compatibility.ts'
import { DATASET_ENDPOINTS } from './datasets.ts'
import { EVALUATION_CHECK_ENDPOINTS } from './evaluation-checks.ts'
import { EVALUATION_RUN_ENDPOINTS } from './evaluation-runs.ts'
import { EVENT_ENDPOINTS } from './events.ts'
import { SERVICE_ENDPOINTS } from './health.ts'
import { IMAGE_ENDPOINTS } from './images.ts'
import { MODEL_COMPARISON_ENDPOINTS } from './model-comparisons.ts'
import { MODEL_VERSION_ENDPOINTS } from './model-versions.ts'
import { getOpenApiEndpoint } from './openapi.ts'
import { OVERVIEW_ENDPOINTS } from './overview.ts'
import { PREDICTION_SET_ENDPOINTS } from './prediction-sets.ts'
import { SEARCH_ENDPOINTS } from './search.ts'
import { SESSION_ENDPOINTS } from './sessions.ts'
import { USER_ENDPOINTS } from './users.ts'

const served = [
  getOpenApiEndpoint,
  ...SIGN_IN_ENDPOINTS,
  ...SESSION_ENDPOINTS,
  ...API_KEY_ENDPOINTS,
  ...USER_ENDPOINTS,
  ...AUDIT_ENDPOINTS,
  ...SERVICE_ENDPOINTS,
  ...DATASET_ENDPOINTS,
  ...IMAGE_ENDPOINTS,
  ...MODEL_VERSION_ENDPOINTS,
  ...EVALUATION_RUN_ENDPOINTS,
  ...EVALUATION_CHECK_ENDPOINTS,
  ...PREDICTION_SET_ENDPOINTS,
  ...MODEL_COMPARISON_ENDPOINTS,
  ...OVERVIEW_ENDPOINTS,
  ...SEARCH_ENDPOINTS,
  ...EVENT_ENDPOINTS,
  ...COMPATIBILITY_ENDPOINTS,
] satisfies readonly Endpoint[]

/** One of the endpoints, with its own schemas: a client's types are inferred from them. */
export type ServedEndpoint = (typeof served)[number]

/** Every endpoint there is: what is not listed here is not served (the role × route test sees to that). */
export const ENDPOINTS: readonly Endpoint[] = served
