import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { startEvaluation } from '#lib/delivery/compatibility/start-evaluation.ts'
import { startEvaluationEndpoint } from '#lib/delivery/endpoints/compatibility.ts'
import { requireAccess } from '#lib/platform/api/access.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { requireNoForeignPage } from '#lib/platform/auth/same-origin.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(startEvaluationEndpoint, async ({ context, service, query, request }) => {
    if (request.method === 'HEAD')
      throw new ServiceError('METHOD_NOT_ALLOWED', 'GET starts a run here; use GET instead of HEAD.')
    requireNoForeignPage(request.headers, service.settings)
    if (service.settings.compatibilityApi === 'key') requireAccess(context.actor, 'evaluation-run:write')
    await startEvaluation(context, sourcesOf(service), query)
    return reply(200, { status: `evaluation started for ${query.dataset}` })
  }),
)
