import { readFile } from 'node:fs/promises'
import { tryImageEndpoint } from '#lib/api/endpoints/model-versions.ts'
import { reply, route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { ServiceError } from '#lib/errors.ts'
import { evaluatorAddresses } from '#lib/evaluation-run/evaluator-addresses.ts'
import { tryImage } from '#lib/model-registry/try-image.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(tryImageEndpoint, async ({ context, service, params, files }) => {
    const [image] = files.image
    if (image === undefined) throw new ServiceError('BAD_REQUEST', 'Send one image in the field "image".')
    const parts = {
      evaluators: evaluatorAddresses(service.settings),
      renderer: service.imageRenderer(),
    }
    const bytes = await readFile(image.path)
    const { filename } = image
    return reply(200, await tryImage(context, parts, { modelVersionId: params.id, bytes, filename }))
  }),
)
