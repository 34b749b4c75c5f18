import {
  listModelVersionsEndpoint,
  registerModelVersionEndpoint,
} from '#lib/delivery/endpoints/model-versions.ts'
import { readUploadedCard } from '#lib/delivery/endpoints/uploaded-card.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { getModelVersion, listModelVersions } from '#lib/model/registry/queries.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { positionedAt, positionOf } from '#lib/platform/newest-first.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(registerModelVersionEndpoint, async ({ context, service, body, files }) => {
    const card = await readUploadedCard(body.card, files.card[0])
    const [model] = files.model
    if (model === undefined) throw new ServiceError('BAD_REQUEST', 'Send the ONNX file in the field "model".')
    const { id, isNew } = await registerModelVersion(
      context,
      { objectStore: service.objectStore, evaluators: evaluatorAddresses(service.settings) },
      { onnx: model, card },
    )
    const version = await getModelVersion(context, { id })
    return isNew ? reply(201, version) : reply(200, version)
  }),
  route(listModelVersionsEndpoint, async ({ context, query, page }) =>
    reply(
      200,
      page.of(
        await listModelVersions(context, {
          name: query.name,
          after: positionedAt(page.after),
          take: page.take,
        }),
        positionOf,
      ),
    ),
  ),
)
