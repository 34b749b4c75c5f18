import { API_ROUTES } from '#app/api/_handlers/all.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

/** The whole REST API: one table of endpoints, each with its code. */
export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(...API_ROUTES)
