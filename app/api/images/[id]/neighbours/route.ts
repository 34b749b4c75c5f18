import { getDatasetNeighbours } from '#lib/data/image/image-neighbours.ts'
import { getNeighboursEndpoint } from '#lib/delivery/endpoints/images.ts'
import { getPredictionNeighbours } from '#lib/model/evaluation-result/prediction-neighbours.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

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
