import { downloadModelEndpoint } from '#lib/delivery/endpoints/model-versions.ts'
import { openModelFile } from '#lib/model/registry/model-file.ts'
import { route } from '#lib/platform/api/route.ts'
import { routes } from '#lib/platform/api/routes.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = routes(
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
)
