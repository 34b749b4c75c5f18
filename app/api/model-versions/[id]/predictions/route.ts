import { readFile } from 'node:fs/promises'
import { tryImageEndpoint } from '#lib/delivery/endpoints/model-versions.ts'
import { getImageRenderer } from '#lib/imaging/decoding/service-renderer.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { tryImage } from '#lib/model/prediction/try-image.ts'
import { reply, route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(tryImageEndpoint, async ({ context, service, params, files }) => {
    const [image] = files.image
    if (image === undefined) throw new ServiceError('BAD_REQUEST', 'Send one image in the field "image".')
    const parts = {
      evaluators: evaluatorAddresses(service.settings),
      renderer: getImageRenderer(),
    }
    const bytes = await readFile(image.path)
    const { filename } = image
    return reply(200, await tryImage(context, parts, { modelVersionId: params.id, bytes, filename }))
  }),
)
