import { z } from 'zod'
import { type Endpoint, isOptional, type Multipart } from '#lib/platform/api/endpoint.ts'
import { sessionCookieName } from '#lib/platform/auth/session-cookie.ts'

type Json = Record<string, unknown>

const errorSchema: Json = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'requestId'],
      additionalProperties: false,
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: {},
        requestId: { type: 'string' },
      },
    },
  },
}

/** OpenAPI 3.1 of the endpoints, from the schemas that validate: what is described is what is accepted. */
export function describeApi(endpoints: readonly Endpoint[], baseUrl: string): Json {
  const paths: Record<string, Json> = {}
  for (const endpoint of endpoints)
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) }
  return {
    openapi: '3.1.0',
    info: { title: 'Second Reader', version: '1' },
    servers: [{ url: baseUrl }],
    paths,
    components: {
      schemas: { Error: errorSchema },
      responses: {
        Error: {
          description: 'What went wrong',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: sessionCookieName(baseUrl),
          description: 'Set by POST /api/auth/sign-in/email',
        },
      },
    },
  }
}

function operationOf(endpoint: Endpoint): Json {
  const body = requestBodyOf(endpoint)
  return {
    summary: endpoint.summary,
    operationId: `${endpoint.method.toLowerCase()}${endpoint.path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_all, next: string) => next.toUpperCase())}`,
    tags: endpoint.tags,
    security: securityOf(endpoint),
    parameters: parametersOf(endpoint),
    ...(body === null ? {} : { requestBody: body }),
    responses: responsesOf(endpoint),
  }
}

/** The compatibility routes take credentials, or need none, as the setting says: `{}` stands for none. */
function securityOf({ permission }: Endpoint): Json[] {
  if (permission === 'open') return []
  const credentials = [{ apiKey: [] }, { session: [] }]
  return permission === 'compatibility' ? [{}, ...credentials] : credentials
}

function parametersOf(endpoint: Endpoint): Json[] {
  const listed = [...fieldsOf('path', endpoint.params), ...fieldsOf('query', endpoint.query)]
  if (endpoint.idempotency !== undefined)
    listed.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'Same key and request: the same result; same key, other request: 409',
      schema: { type: 'string', minLength: 1, maxLength: 200 },
    })
  return listed
}

function fieldsOf(place: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: field,
  }))
}

function requestBodyOf(endpoint: Endpoint): Json | null {
  if (endpoint.multipart !== undefined)
    return {
      required: true,
      content: { 'multipart/form-data': { schema: multipartSchema(endpoint.multipart) } },
    }
  if (endpoint.body === undefined) return null
  const required = !isOptional(endpoint.body)
  return { required, content: { 'application/json': { schema: jsonSchema(endpoint.body, 'input') } } }
}

function multipartSchema(multipart: Multipart): Json {
  const fields = jsonSchema(multipart.fields, 'input') as { properties?: Json; required?: string[] }
  const bytes = { type: 'string', contentMediaType: 'application/octet-stream' }
  const files = Object.entries(multipart.files).map(([name, file]) => {
    const schema = (file.maxCount ?? 1) > 1 ? { type: 'array', items: bytes, maxItems: file.maxCount } : bytes
    // A part that may be a text as well as a file is described as both.
    const text = fields.properties?.[name]
    return [name, text === undefined ? schema : { anyOf: [schema, text] }] as const
  })
  const needed = Object.entries(multipart.files).filter(([, file]) => file.required)
  return {
    type: 'object',
    properties: { ...fields.properties, ...Object.fromEntries(files) },
    required: [...(fields.required ?? []), ...needed.map(([name]) => name)],
    additionalProperties: false,
  }
}

function responsesOf(endpoint: Endpoint): Json {
  const described: Json = { default: { $ref: '#/components/responses/Error' } }
  const others = Object.fromEntries((endpoint.otherContentTypes ?? []).map((type) => [type, {}]))
  if (endpoint.responses[200] === undefined && endpoint.otherContentTypes !== undefined)
    described['200'] = { description: 'OK', content: others }
  for (const [status, schema] of Object.entries(endpoint.responses)) {
    const json =
      schema instanceof z.ZodUndefined ? {} : { 'application/json': { schema: jsonSchema(schema, 'output') } }
    const content = status === '200' ? { ...json, ...others } : json
    described[status] = {
      description: endpoint.summary,
      ...(Object.keys(content).length > 0 ? { content } : {}),
    }
  }
  return described
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return described
}
