import { readFile } from 'node:fs/promises'
import { predictEndpoint } from '#lib/api/endpoints/compatibility.ts'
import { route } from '#lib/api/route.ts'
import { routes } from '#lib/api/routes.ts'
import { predictImage } from '#lib/compatibility/predict-image.ts'
import { predictionReply } from '#lib/compatibility/prediction-reply.ts'
import { ServiceError } from '#lib/errors.ts'
import { evaluatorAddresses } from '#lib/evaluation-run/evaluator-addresses.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
  route(predictEndpoint, async ({ context, service, files }) => {
    const [file] = files.file
    if (file === undefined) throw new ServiceError('BAD_REQUEST', 'Send one image in the field "file".')
    const bytes = await readFile(file.path)
    const prediction = await predictImage(context, evaluatorAddresses(service.settings), { bytes })
    return new Response(predictionReply(prediction), { headers: { 'Content-Type': 'application/json' } })
  }),
)
