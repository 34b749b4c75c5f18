import type { Route } from '#lib/platform/api/route.ts'
import { API_KEY_ROUTES } from './api-keys.ts'
import { AUDIT_EVENT_ROUTES } from './audit-events.ts'
import { SIGN_IN_ROUTES } from './auth.ts'
import { DATASET_ROUTES } from './datasets.ts'
import { EVALUATION_RUN_ROUTES } from './evaluation-runs.ts'
import { EVENT_ROUTES } from './events.ts'
import { HEALTH_ROUTES } from './health.ts'
import { IMAGE_ROUTES } from './images.ts'
import { MODEL_COMPARISON_ROUTES } from './model-comparisons.ts'
import { MODEL_VERSION_ROUTES } from './model-versions.ts'
import { OPENAPI_ROUTES } from './openapi.ts'
import { OVERVIEW_ROUTES } from './overview.ts'
import { PREDICTION_SET_ROUTES } from './prediction-sets.ts'
import { SEARCH_ROUTES } from './search.ts'
import { SESSION_ROUTES } from './sessions.ts'
import { USER_ROUTES } from './users.ts'

/** The code behind every endpoint below `/api`. */
export const API_ROUTES: readonly Route[] = [
  ...API_KEY_ROUTES,
  ...AUDIT_EVENT_ROUTES,
  ...SIGN_IN_ROUTES,
  ...DATASET_ROUTES,
  ...EVALUATION_RUN_ROUTES,
  ...EVENT_ROUTES,
  ...HEALTH_ROUTES,
  ...IMAGE_ROUTES,
  ...MODEL_COMPARISON_ROUTES,
  ...MODEL_VERSION_ROUTES,
  ...OPENAPI_ROUTES,
  ...OVERVIEW_ROUTES,
  ...PREDICTION_SET_ROUTES,
  ...SEARCH_ROUTES,
  ...SESSION_ROUTES,
  ...USER_ROUTES,
]
