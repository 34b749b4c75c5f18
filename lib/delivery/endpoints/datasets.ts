import { z } from 'zod'
import {
  datasetNameSchema,
  datasetRegistrationSchema,
  datasetSchema,
  datasetSummarySchema,
  uploadResultSchema,
} from '#lib/data/dataset/schema.ts'
import { imageSchema, imageSortSchema } from '#lib/data/image/schema.ts'
import {
  changeKindSchema,
  explainedSkippedFileSchema,
  skipCountSchema,
  snapshotChangeSchema,
  snapshotChangesSchema,
  snapshotSchema,
  snapshotSummarySchema,
} from '#lib/data/snapshot/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { queryBoolean } from '#lib/platform/api/query-field.ts'

const byName = z.strictObject({ name: datasetNameSchema })
const byNameAndId = byName.extend({ id: z.string().max(100) })
const tags = ['datasets']

export const registerDatasetEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/datasets',
  summary: 'Register a folder or bucket prefix as a dataset; without a location its images are uploaded',
  tags,
  permission: 'dataset:write',
  body: datasetRegistrationSchema,
  responses: { 201: datasetSchema },
  idempotency: 'transaction',
})

export const listDatasetsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets',
  summary: 'List the datasets by name',
  tags,
  permission: 'dataset:read',
  query: z.strictObject({ ...pageQuery }),
  responses: { 200: pageOf(datasetSummarySchema) },
})

export const getDatasetEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}',
  summary: 'A dataset with its counts, patients, last snapshot and skipped files',
  tags,
  permission: 'dataset:read',
  params: byName,
  responses: { 200: datasetSchema },
})

export const archiveDatasetEndpoint = defineEndpoint({
  method: 'DELETE',
  path: '/api/datasets/{name}',
  summary: 'Archive a dataset on which no run depends',
  tags,
  permission: 'dataset:write',
  params: byName,
  responses: { 204: z.undefined() },
})

export const uploadImagesEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/datasets/{name}/images',
  summary: 'Upload images of one finding class, or a .zip of the layout <finding class>/<file>',
  tags,
  permission: 'dataset:write',
  params: byName,
  multipart: {
    fields: z.strictObject({ findingClass: z.string().min(1).max(100).optional() }),
    files: { files: { required: true, maxCount: 1000 } },
  },
  responses: { 200: uploadResultSchema },
  idempotency: 'natural',
})

export const listImagesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}/images',
  summary: 'List the images of the newest ready snapshot',
  tags,
  permission: 'dataset:read', // names reference classes: `image:read` alone is for pixels
  params: byName,
  query: z.strictObject({
    ...pageQuery,
    findingClass: z.string().min(1).max(100).optional(),
    patient: z.string().min(1).max(500).optional(),
    q: z.string().min(1).max(200).optional().describe('part of the key, taken literally'),
    sort: imageSortSchema.default('added'),
    descending: queryBoolean().optional(),
  }),
  responses: {
    200: pageOf(imageSchema).extend({ total: z.int(), snapshotId: z.uuid().nullable() }),
  },
})

export const createSnapshotEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/datasets/{name}/snapshots',
  summary: 'Scan the dataset and freeze a snapshot',
  tags,
  permission: 'dataset:write',
  params: byName,
  body: z.strictObject({ allowLabelConflicts: z.boolean().optional() }).optional(),
  responses: { 202: snapshotSchema },
  idempotency: 'transaction',
})

export const listSnapshotsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}/snapshots',
  summary: 'List the snapshots, newest first',
  tags,
  permission: 'dataset:read',
  params: byName,
  query: z.strictObject({ ...pageQuery }),
  responses: { 200: pageOf(snapshotSummarySchema) },
})

export const getSnapshotEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}/snapshots/{id}',
  summary: 'A snapshot with its progress and skipped files',
  tags,
  permission: 'dataset:read',
  params: byNameAndId,
  responses: { 200: snapshotSchema },
})

export const listSkippedFilesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}/snapshots/{id}/skipped',
  summary: 'The skipped files of a snapshot, with cause and fix',
  tags,
  permission: 'dataset:read',
  params: byNameAndId,
  query: z.strictObject({ ...pageQuery, code: z.string().min(1).max(50).optional() }),
  responses: {
    200: pageOf(explainedSkippedFileSchema).extend({ byCode: z.array(skipCountSchema) }),
  },
})

export const listSnapshotChangesEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}/snapshots/{id}/changes',
  summary:
    'What was added, removed, reclassified and renamed since an older snapshot, else since the one before',
  tags,
  permission: 'dataset:read',
  params: byNameAndId,
  query: z.strictObject({
    ...pageQuery,
    since: z.uuid().optional(),
    kind: changeKindSchema.default('added'),
  }),
  responses: { 200: pageOf(snapshotChangeSchema).extend(snapshotChangesSchema.shape) },
})

export const DATASET_ENDPOINTS = [
  registerDatasetEndpoint,
  listDatasetsEndpoint,
  getDatasetEndpoint,
  archiveDatasetEndpoint,
  uploadImagesEndpoint,
  listImagesEndpoint,
  createSnapshotEndpoint,
  listSnapshotsEndpoint,
  getSnapshotEndpoint,
  listSkippedFilesEndpoint,
  listSnapshotChangesEndpoint,
]
