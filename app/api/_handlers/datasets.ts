import { archiveDataset } from '#lib/data/dataset/archive.ts'
import { getDataset, listDatasets } from '#lib/data/dataset/queries.ts'
import { insertDataset, prepareDataset } from '#lib/data/dataset/register.ts'
import { uploadImages } from '#lib/data/dataset/upload.ts'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { listDatasetImages } from '#lib/data/image/list-images.ts'
import { createSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import { listSkippedFilesOf } from '#lib/data/snapshot/skipped-files.ts'
import { listSnapshotChanges } from '#lib/data/snapshot/snapshot-changes.ts'
import { getSnapshot, listSnapshots, snapshotPosition } from '#lib/data/snapshot/snapshot-queries.ts'
import {
  archiveDatasetEndpoint,
  createSnapshotEndpoint,
  getDatasetEndpoint,
  getSnapshotEndpoint,
  listDatasetsEndpoint,
  listImagesEndpoint,
  listSkippedFilesEndpoint,
  listSnapshotChangesEndpoint,
  listSnapshotsEndpoint,
  registerDatasetEndpoint,
  uploadImagesEndpoint,
} from '#lib/delivery/endpoints/datasets.ts'
import { preparedRoute, type Route, reply, route } from '#lib/platform/api/route.ts'

export const DATASET_ROUTES: readonly Route[] = [
  route(listImagesEndpoint, async ({ context, params, query, page }) => {
    const { limit: _limit, cursor: _cursor, ...filter } = query
    const { snapshotId, total, rows } = await listDatasetImages(context, {
      dataset: params.name,
      ...filter,
      ...page,
    })
    const { items, nextCursor } = page.of(rows, (row) => row.position)
    const shown = items.map(({ position: _position, ...image }) => image)
    return reply(200, { items: shown, nextCursor, total, snapshotId })
  }),
  route(uploadImagesEndpoint, async ({ context, service, params, body, files, request }) =>
    reply(
      200,
      await uploadImages(context, sourcesOf(service), {
        dataset: params.name,
        ...body,
        files: files.files,
        signal: request.signal,
      }),
    ),
  ),
  route(getDatasetEndpoint, async ({ context, params }) => reply(200, await getDataset(context, params))),
  route(archiveDatasetEndpoint, async ({ context, params }) => {
    await archiveDataset(context, params)
    return reply(204, undefined)
  }),
  route(listSnapshotChangesEndpoint, async ({ context, params, query, page }) => {
    const { since, kind } = query
    const input = { dataset: params.name, id: params.id, since, kind, ...page }
    const { rows, ...changes } = await listSnapshotChanges(context, input)
    return reply(200, { ...page.of(rows, (row) => [row.key ?? row.previousKey]), ...changes })
  }),
  route(getSnapshotEndpoint, async ({ context, params }) =>
    reply(200, await getSnapshot(context, { dataset: params.name, id: params.id })),
  ),
  route(listSkippedFilesEndpoint, async ({ context, params, query, page }) => {
    const input = { dataset: params.name, snapshotId: params.id, code: query.code, ...page }
    const { rows, byCode } = await listSkippedFilesOf(context, input)
    return reply(200, { ...page.of(rows, (row) => [row.file]), byCode })
  }),
  route(createSnapshotEndpoint, async ({ context, params, body }) => {
    const { id } = await createSnapshot(context, { dataset: params.name, ...body })
    return reply(202, await getSnapshot(context, { dataset: params.name, id }))
  }),
  route(listSnapshotsEndpoint, async ({ context, params, page }) =>
    reply(200, page.of(await listSnapshots(context, { dataset: params.name, ...page }), snapshotPosition)),
  ),
  preparedRoute(
    registerDatasetEndpoint,
    ({ service, body }) => prepareDataset(sourcesOf(service), body),
    async ({ context, prepared }) => {
      const { name } = await insertDataset(context, prepared)
      return reply(201, await getDataset(context, { name }))
    },
  ),
  route(listDatasetsEndpoint, async ({ context, page }) =>
    reply(
      200,
      page.of(await listDatasets(context, page), (row) => [row.name]),
    ),
  ),
]
