import type { z } from 'zod'
import type { Permission } from '#lib/platform/permissions.ts'

/**
 * An endpoint is described once, as data, in `lib/delivery/endpoints/<noun>.ts`, and listed in `endpoints/all.ts`. From
 * the description come the parsing, the guard, OpenAPI, the list of allowed methods and the role × route test.
 *
 *     export const createDatasetEndpoint = defineEndpoint({
 *       method: 'POST',
 *       path: '/api/datasets',
 *       summary: 'Register a folder or bucket prefix as a dataset',
 *       tags: ['datasets'],
 *       permission: 'dataset:write',
 *       body: z.strictObject({ name: z.string().min(1).max(200), location: z.string().max(1000) }),
 *       responses: { 201: datasetSchema },
 *       idempotency: 'transaction',
 *     })
 *     export const listDatasetsEndpoint = defineEndpoint({
 *       …, method: 'GET', query: z.strictObject({ ...pageQuery, archived: queryBoolean().optional() }),
 *       responses: { 200: pageOf(datasetSchema) },
 *     })
 *
 * `app/api/_handlers/datasets.ts` turns it into one verb or one query, and nothing else:
 *
 *     export const DATASET_ROUTES: readonly Route[] = [
 *       route(createDatasetEndpoint, async ({ context, body }) =>
 *         reply(201, await createDataset(context, body)),
 *       ),
 *       route(listDatasetsEndpoint, async ({ context, query, page }) =>
 *         reply(200, page.of(await listDatasets(context, { ...query, ...page }), (row) => [row.name])),
 *       ),
 *     ]
 *
 * `page.after` is the last row's position (or null) and `page.take` is the limit plus one: ask for that many.
 * Expected failures are thrown as `ServiceError`; a handler never builds an error response by itself.
 */
export type Endpoint = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/api/datasets/{name}`: a placeholder is one segment of the path, decoded. */
  path: `/${string}`
  summary: string
  tags: readonly string[]
  permission: Access
  /** Strict objects of strings: see `query-field.ts` for numbers, booleans and instants. */
  params?: z.ZodObject
  query?: z.ZodObject
  /** JSON body; strict objects all the way down. */
  body?: z.ZodType
  /** Largest JSON body; 1 MiB where nothing is said. */
  bodyLimitBytes?: number
  /** Refuses by throwing what would take long to check against `body`. It is given whatever the JSON was. */
  refuseBody?: (given: unknown) => void
  multipart?: Multipart
  /** Replies by status; a 204 has `z.undefined()`. */
  responses: Readonly<Record<number, z.ZodType>>
  /** Content types that a 200 may have beside (or, without a schema, instead of) JSON: `text/csv`, `image/png`. */
  otherContentTypes?: readonly string[]
  idempotency?: Idempotency
}

/**
 * Who may call: the holders of a permission; any client (`open`: nothing is looked up, not even a session); a client that has
 * a session or a key, of any role (`session`); or the seed system's clients, by the setting `COMPATIBILITY_API`.
 */
export type Access = Permission | 'open' | 'session' | 'compatibility'

/**
 * What makes a creating call safe to repeat under one `Idempotency-Key`:
 * - `transaction`: the handler runs inside one transaction together with the key and the reply. For verbs that take
 *   milliseconds and call no other service. The handler must use `context.db` alone; what it has to ask a store or another
 *   service is asked before (`preparedRoute`).
 * - `natural`: for verbs that take long or call others, and that find what they made before when they are repeated
 *   (a model version by its SHA-256, a study by its external id). The reply is stored after the effect.
 */
export type Idempotency = 'transaction' | 'natural'

export type Multipart = {
  /** Text parts; values are strings. */
  fields: z.ZodObject
  /** File parts by field name. */
  files: Readonly<Record<string, MultipartFile>>
}

export type MultipartFile = {
  required: boolean
  /** 1 where nothing is said. */
  maxCount?: number
  /** The setting `UPLOAD_LIMIT_MB` where nothing is said. */
  maxBytes?: number
}

/** Keeps the literal types of a description, and checks that its path and its parameters name the same things. */
export function defineEndpoint<const E extends Endpoint>(endpoint: E): E {
  const inPath = placeholdersOf(endpoint.path).sort().join()
  const inSchema = Object.keys(endpoint.params?.shape ?? {})
    .sort()
    .join()
  if (inPath !== inSchema)
    throw new Error(
      `${endpoint.method} ${endpoint.path}: the path has {${inPath}}, params has {${inSchema}}.`,
    )
  if (endpoint.body !== undefined && endpoint.multipart !== undefined)
    throw new Error(`${endpoint.method} ${endpoint.path}: has both a JSON body and a multipart body.`)
  return endpoint
}

/** True of a body that may be left out. */
export function isOptional(body: z.ZodType): boolean {
  return body.safeParse(undefined).success
}

/** The names in braces, in order. */
export function placeholdersOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}
