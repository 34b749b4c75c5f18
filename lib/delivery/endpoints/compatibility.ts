import { z } from 'zod'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

const tags = ['compatibility']

/** Routes that clients of the seed system know; their snake-case fields are kept. */
export const predictEndpoint = defineEndpoint({
  method: 'POST',
  path: '/predict/',
  summary: 'Predict one image with the version in production, else the newest',
  tags,
  permission: 'compatibility',
  multipart: { fields: z.strictObject({}), files: { file: { required: true } } },
  responses: {
    200: z.strictObject({
      pred_idx: z.int(),
      pred_class: z.string(),
      probabilities: z.record(z.string(), z.number()),
      model_version: z.string(),
    }),
  },
})

export const startEvaluationEndpoint = defineEndpoint({
  method: 'GET',
  path: '/evaluate',
  summary: 'Start an evaluation run of a dataset, or join the one that is running',
  tags,
  permission: 'compatibility',
  query: z.strictObject({ dataset: z.string().min(1).max(200) }),
  responses: { 200: z.strictObject({ status: z.string() }) },
})

export const livenessEndpoint = defineEndpoint({
  method: 'GET',
  path: '/health',
  summary: 'Liveness of the process; see /api/health for its dependencies',
  tags,
  permission: 'open',
  responses: { 200: z.strictObject({ status: z.literal('ok') }) },
})

export const COMPATIBILITY_ENDPOINTS = [predictEndpoint, startEvaluationEndpoint, livenessEndpoint]
