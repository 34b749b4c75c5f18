import { z } from 'zod'
import { IMAGE_SORTS } from '#lib/data/image/list-images.ts'
import { CHANGE_KINDS } from '#lib/data/snapshot/snapshot-changes.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { pageOf, pageQuery } from '#lib/platform/api/page.ts'
import { queryBoolean } from '#lib/platform/api/query-field.ts'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'

const name = z.string().min(1).max(200)
const byName = z.strictObject({ name })
const tags = ['datasets']

const skippedFile = z.strictObject({ file: z.string(), code: z.string(), detail: z.string().nullable() })

const snapshotSummary = z.strictObject({
  id: z.uuid(),
  status: z.enum(['scanning', 'ready', 'failed']),
  images: z.int(),
  skippedCount: z.int(),
  listed: z.int(),
  hashed: z.int(),
  allowLabelConflicts: z.boolean(),
  manifestSha256: z.string().nullable(),
  failureCode: z.string().nullable(),
  failureDetail: z.string().nullable(),
  createdAt: instant,
  createdBy: z.string(),
  finishedAt: instant.nullable(),
})
const warnings = z.array(z.strictObject({ code: z.string(), message: z.string() }))
const snapshot = snapshotSummary.extend({ skipped: z.array(skippedFile), warnings })

const datasetSummary = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  location: z.string().nullable(),
  patientPattern: z.string().nullable(),
  createdAt: instant,
  createdBy: z.string(),
  findingClasses: z.array(z.strictObject({ findingClass: z.string(), images: z.int(), patients: z.int() })),
  modalities: z.array(z.strictObject({ modality: z.string(), images: z.int() })),
  images: z.int(),
  patients: z.int().nullable(),
  lastSnapshot: snapshotSummary.nullable(),
  readySnapshot: snapshotSummary.nullable(),
  scan: z
    .strictObject({
      snapshotId: z.uuid(),
      status: z.enum(['waiting', 'scanning']),
      listed: z.int(),
      hashed: z.int(),
      expected: z.int().nullable(),
      createdAt: instant,
    })
    .nullable(),
})
const explanation = { code: z.string(), reason: z.string(), remedy: z.string() }
const skippedByCode = z.array(z.strictObject({ ...explanation, count: z.int() }))
const dataset = datasetSummary.extend({
  imagesPerPatient: z.strictObject({ min: z.int(), median: z.number(), max: z.int() }).nullable(),
  imagesWithoutPatient: z.int(),
  skipped: z.array(skippedFile),
  skippedByCode,
  warnings,
})
const image = z.strictObject({
  id: z.int(),
  key: z.string(),
  findingClass: z.string(),
  patient: z.string().nullable(),
  sha256: sha256Hex.nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
})
const byNameAndId = z.strictObject({ name, id: z.string().max(100) })

export const registerDatasetEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/datasets',
  summary: 'Register a folder or bucket prefix as a dataset; without a location its images are uploaded',
  tags,
  permission: 'dataset:write',
  body: z.strictObject({
    name,
    location: z.string().min(1).max(2000).nullable().optional(),
    patientPattern: z.string().min(1).max(500).nullable().optional(),
  }),
  responses: { 201: dataset },
  idempotency: 'transaction',
})

export const listDatasetsEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets',
  summary: 'List the datasets by name',
  tags,
  permission: 'dataset:read',
  query: z.strictObject({ ...pageQuery }),
  responses: { 200: pageOf(datasetSummary) },
})

export const getDatasetEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}',
  summary: 'A dataset with its counts, patients, last snapshot and skipped files',
  tags,
  permission: 'dataset:read',
  params: byName,
  responses: { 200: dataset },
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
  responses: {
    200: z.strictObject({
      stored: z.int(),
      skipped: z.array(skippedFile),
      notes: z.array(z.strictObject({ code: z.string(), message: z.string() })),
    }),
  },
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
    sort: z.enum(IMAGE_SORTS).default('added'),
    descending: queryBoolean().optional(),
  }),
  responses: {
    200: pageOf(image).extend({ total: z.int(), snapshotId: z.uuid().nullable() }),
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
  responses: { 202: snapshot },
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
  responses: { 200: pageOf(snapshotSummary) },
})

export const getSnapshotEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/datasets/{name}/snapshots/{id}',
  summary: 'A snapshot with its progress and skipped files',
  tags,
  permission: 'dataset:read',
  params: byNameAndId,
  responses: { 200: snapshot },
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
    200: pageOf(z.strictObject({ file: z.string(), detail: z.string().nullable(), ...explanation })).extend({
      byCode: skippedByCode,
    }),
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
    kind: z.enum(CHANGE_KINDS).default('added'),
  }),
  responses: {
    200: pageOf(
      z.strictObject({
        imageId: z.int(),
        sha256: sha256Hex,
        key: z.string().nullable(),
        findingClasses: z.array(z.string()),
        previousKey: z.string().nullable(),
        previousFindingClasses: z.array(z.string()),
      }),
    ).extend({
      snapshotId: z.uuid(),
      since: z.uuid().nullable(),
      kind: z.enum(CHANGE_KINDS),
      counts: z.strictObject({
        added: z.int(),
        removed: z.int(),
        reclassified: z.int(),
        renamed: z.int(),
      }),
    }),
  },
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
