import { z } from 'zod'
import { defineEndpoint } from '#lib/api/endpoint.ts'

export const imageContentEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/images/{id}/content',
  summary: 'An image’s pixels, encoded anew',
  tags: ['images'],
  permission: 'image:read',
  params: z.strictObject({ id: z.string().regex(/^\d{1,15}$/, 'is not the number of an image') }),
  query: z.strictObject({ size: z.enum(['thumbnail', 'full']).default('full') }),
  responses: {},
  otherContentTypes: ['image/webp', 'image/png'],
})

export const IMAGE_ENDPOINTS = [imageContentEndpoint]
