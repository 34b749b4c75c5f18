import { readFile } from 'node:fs/promises'
import {
  archiveModelVersionEndpoint,
  downloadModelCardEndpoint,
  downloadModelEndpoint,
  getModelVersionEndpoint,
  listModelVersionsEndpoint,
  listVersionEvaluationsEndpoint,
  registerModelVersionEndpoint,
  tryImageEndpoint,
} from '#lib/delivery/endpoints/model-versions.ts'
import { readUploadedCard } from '#lib/delivery/endpoints/uploaded-card.ts'
import { getImageRenderer } from '#lib/imaging/decoding/service-renderer.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { tryImage } from '#lib/model/prediction/try-image.ts'
import { archiveModelVersion } from '#lib/model/registry/archive.ts'
import { listVersionEvaluations } from '#lib/model/registry/evaluations.ts'
import { openModelFile } from '#lib/model/registry/model-file.ts'
import { getModelVersion, listModelVersions } from '#lib/model/registry/queries.ts'
import { registerModelVersion } from '#lib/model/registry/register.ts'
import { type Route, reply, route } from '#lib/platform/api/route.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { positionedAt, positionOf } from '#lib/platform/newest-first.ts'

export const MODEL_VERSION_ROUTES: readonly Route[] = [
  route(downloadModelCardEndpoint, async ({ context, params }) => {
    const { card } = await getModelVersion(context, params)
    return new Response(`${JSON.stringify(card, null, 2)}\n`, {
      headers: {
        'Content-Type': 'application/json',
        'Content-Disposition': 'attachment; filename="model.json"',
      },
    })
  }),
  route(listVersionEvaluationsEndpoint, async ({ context, params, query, page }) => {
    const { id } = await getModelVersion(context, params) // a wrong id is no empty list
    const { after, take } = page
    const rows = await listVersionEvaluations(context, {
      modelVersionId: id,
      dataset: query.dataset,
      after: after === null ? null : { finishedAt: new Date(String(after[0])), id: String(after[1]) },
      take,
    })
    return reply(
      200,
      page.of(rows, (row) => [row.finishedAt.toISOString(), row.evaluationRunId]),
    )
  }),
  route(downloadModelEndpoint, async ({ context, service, params, request }) => {
    const file = await openModelFile(context, service.objectStore, params)
    const ETag = `"${file.sha256}"`
    if (request.headers.get('if-none-match') === ETag)
      return new Response(null, { status: 304, headers: { ETag } })
    return new Response(file.stream(), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(file.sizeBytes),
        'Content-Disposition': `attachment; filename="${file.filename}"`,
        ETag,
      },
    })
  }),
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
  route(getModelVersionEndpoint, async ({ context, params }) =>
    reply(200, await getModelVersion(context, params)),
  ),
  route(archiveModelVersionEndpoint, async ({ context, params }) => {
    await archiveModelVersion(context, params)
    return reply(204)
  }),
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
]
