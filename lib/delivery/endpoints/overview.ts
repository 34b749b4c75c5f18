import { overviewSchema } from '#lib/delivery/overview/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'

export const getOverviewEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/overview',
  summary: 'The newest version, accuracy over the versions, the latest runs, and what needs attention',
  tags: ['service'],
  permission: 'evaluation-run:read',
  responses: { 200: overviewSchema },
})

export const OVERVIEW_ENDPOINTS = [getOverviewEndpoint]
