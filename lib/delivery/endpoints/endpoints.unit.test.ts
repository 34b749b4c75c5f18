import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ENDPOINTS } from './all.ts'
import { describeApi } from './openapi-document.ts'

const named = ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const)

/** Every object schema within a JSON schema that takes keys it does not name, by its path. */
function openObjects(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  const own =
    'type' in schema && schema.type === 'object' && !('additionalProperties' in schema)
      ? [path || 'the root']
      : []
  return [...own, ...Object.entries(schema).flatMap(([key, value]) => openObjects(value, `${path}/${key}`))]
}

describe('every endpoint', () => {
  it.each(named)('%s refuses keys that it does not name', (_name, endpoint) => {
    for (const schema of [endpoint.params, endpoint.query, endpoint.body, endpoint.multipart?.fields])
      if (schema !== undefined)
        expect(openObjects(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))).toEqual([])
  })
  it('has an address of its own', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(named.length)
  })
  it.each(named.filter(([, { method }]) => method === 'GET'))('%s takes no body', (_name, endpoint) => {
    expect(endpoint.body ?? endpoint.multipart ?? endpoint.idempotency).toBeUndefined()
  })
})

describe('describeApi', () => {
  const api = describeApi(ENDPOINTS, 'http://localhost:3000') as {
    paths: Record<string, Record<string, Operation>>
  }
  type Operation = {
    operationId: string
    parameters: { name: string; in: string; schema: unknown }[]
    responses: object
  }
  const operations = Object.values(api.paths).flatMap((path) => Object.values(path))

  it('describes every endpoint under an id of its own', () => {
    expect(operations).toHaveLength(ENDPOINTS.length)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ENDPOINTS.length)
  })
  it('names every placeholder of a path as a parameter', () => {
    for (const [path, methods] of Object.entries(api.paths))
      for (const { parameters } of Object.values(methods))
        expect(
          parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`),
        ).toEqual(path.match(/\{\w+\}/g) ?? [])
  })
  it('describes a list’s limit as a number with its bounds', () => {
    const limit = api.paths['/api/audit-events']?.get?.parameters.find(({ name }) => name === 'limit')
    expect(limit?.schema).toMatchObject({ type: 'integer', minimum: 1, maximum: 500 })
  })
  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(api))).toEqual(api)
  })
})
