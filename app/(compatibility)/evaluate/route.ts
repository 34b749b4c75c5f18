import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { startEvaluation } from '#lib/delivery/compatibility/start-evaluation.ts'
import { startEvaluationEndpoint } from '#lib/delivery/endpoints/compatibility.ts'
import { requireAccess } from '#lib/platform/api/access.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(startEvaluationEndpoint, async ({ context, service, query, request }) => {
    if (request.method === 'HEAD')
      throw new ServiceError('METHOD_NOT_ALLOWED', 'GET starts a run here; use GET instead of HEAD.')
    // Open to programs, not to whatever page a person of this machine looks at.
    if (request.headers.get('sec-fetch-site') === 'cross-site')
      throw new ServiceError('FORBIDDEN', 'Another site’s page cannot start a run.', { code: 'CROSS_ORIGIN' })
    if (service.settings.compatibilityApi === 'key') requireAccess(context.actor, 'evaluation-run:write')
    await startEvaluation(context, sourcesOf(service), query)
    return reply(200, { status: `evaluation started for ${query.dataset}` })
  }),
)
