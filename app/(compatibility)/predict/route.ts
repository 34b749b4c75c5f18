import { readFile } from 'node:fs/promises'
import { predictionReply } from '#lib/delivery/compatibility/prediction-reply.ts'
import { predictEndpoint } from '#lib/delivery/endpoints/compatibility.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { predictImage } from '#lib/model/prediction/predict-image.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(predictEndpoint, async ({ context, service, files }) => {
    const [file] = files.file
    if (file === undefined) throw new ServiceError('BAD_REQUEST', 'Send one image in the field "file".')
    const bytes = await readFile(file.path)
    const prediction = await predictImage(context, evaluatorAddresses(service.settings), { bytes })
    return new Response(predictionReply(prediction), { headers: { 'Content-Type': 'application/json' } })
  }),
)
