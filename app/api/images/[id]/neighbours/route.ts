import { getNeighboursEndpoint } from '#lib/api/endpoints/images.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { getDatasetNeighbours } from '#lib/dataset/image-neighbours.ts'
import { getPredictionNeighbours } from '#lib/evaluation-run/prediction-neighbours.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(getNeighboursEndpoint, async ({ context, params, query }) => {
    const { run, findingClass, context: _list, ...filter } = query
    const imageId = Number(params.id)
    const neighbours =
      run === undefined
        ? await getDatasetNeighbours(context, { imageId, findingClass })
        : await getPredictionNeighbours(context, { ...filter, id: run, imageId })
    return reply(200, neighbours)
  }),
)
