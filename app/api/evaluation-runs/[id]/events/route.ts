import { followEvaluationRunEndpoint } from '#lib/delivery/endpoints/evaluation-runs.ts'
import { runEventStream } from '#lib/model/evaluation-run/event-stream.ts'
import { getRun } from '#lib/model/evaluation-run/queries.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(followEvaluationRunEndpoint, async ({ service, params }) => {
    await getRun(service.db, params.id) // a wrong id fails before the stream begins
    return new Response(runEventStream(service.db, params.id), {
      headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
    })
  }),
)
