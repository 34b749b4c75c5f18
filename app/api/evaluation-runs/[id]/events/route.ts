import { followEvaluationRunEndpoint } from '#lib/api/endpoints/evaluation-runs.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { runEventStream } from '#lib/evaluation-run/event-stream.ts'
import { getRun } from '#lib/evaluation-run/queries.ts'

export const dynamic = 'force-dynamic'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(followEvaluationRunEndpoint, async ({ service, params }) => {
    await getRun(service.db, params.id) // a wrong id fails before the stream begins
    return new Response(runEventStream(service.db, params.id), {
      headers: { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' },
    })
  }),
)
