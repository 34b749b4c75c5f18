import type { z } from 'zod'
import type { ServedEndpoint } from '#lib/delivery/endpoints/all.ts'
import type { Endpoint } from '#lib/platform/api/endpoint.ts'
import type { Sent } from '#lib/platform/api/sent.ts'

/** In an address a number or a truth value is written as text. */
type InAddress<S> = S extends z.ZodType
  ? {
      [Key in keyof z.input<S>]: z.input<S>[Key] | (string extends z.input<S>[Key] ? number | boolean : never)
    }
  : never

type Parameters<E> = (E extends { params: z.ZodType } ? { path: InAddress<E['params']> } : unknown) &
  (E extends { query: z.ZodType } ? { query?: InAddress<E['query']> } : unknown) &
  (E extends { idempotency: string } ? { header?: { 'Idempotency-Key'?: string } } : unknown)

type RequestBody<E> = E extends { multipart: object }
  ? { requestBody: { content: { 'multipart/form-data': FormData } } }
  : E extends { body: z.ZodType }
    ? { requestBody: { content: { 'application/json': Sent<z.input<E['body']>> } } }
    : unknown

type Responses<E extends Endpoint> = {
  [Status in keyof E['responses'] & number]: {
    content: { 'application/json': Sent<z.input<E['responses'][Status]>> }
  }
}

type Operation<E extends Endpoint> = { parameters: Parameters<E>; responses: Responses<E> } & RequestBody<E>

/**
 * The REST API as `openapi-fetch` knows one: inferred from the schemas that validate, so that a client and the
 * service cannot disagree. The same descriptions give the document at `/api/openapi.json`.
 */
export type ApiPaths = {
  [Path in ServedEndpoint['path']]: {
    [E in Extract<ServedEndpoint, { path: Path }> as Lowercase<E['method']>]: Operation<E>
  }
}

type Bodies<Replies> = {
  [Status in keyof Replies]: Status extends 200 | 201 | 202
    ? Replies[Status] extends { content: { 'application/json': infer Body } }
      ? Body
      : never
    : never
}[keyof Replies]

/** What a successful call answers: `ApiReply<'/api/evaluation-runs/{id}', 'get'>`. */
export type ApiReply<
  Path extends keyof ApiPaths,
  Method extends keyof ApiPaths[Path],
> = ApiPaths[Path][Method] extends { responses: infer Replies } ? Bodies<Replies> : never

/** What a call sends: `ApiBody<'/api/datasets', 'post'>`. */
export type ApiBody<
  Path extends keyof ApiPaths,
  Method extends keyof ApiPaths[Path],
> = ApiPaths[Path][Method] extends { requestBody: { content: { 'application/json': infer Body } } }
  ? Body
  : never

type FormCall = { requestBody: { content: { 'multipart/form-data': FormData } } }

/** The addresses that take a form with files: what stands in them, and what is answered. */
export type ApiForms = {
  [Path in keyof ApiPaths as ApiPaths[Path] extends { post: FormCall }
    ? Path
    : never]: ApiPaths[Path] extends {
    post: { parameters: infer Given; responses: infer Replies }
  }
    ? { inPath: Given extends { path: infer InPath } ? InPath : Record<never, never>; reply: Bodies<Replies> }
    : never
}
