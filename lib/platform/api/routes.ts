import { randomUUID } from 'node:crypto'
import { ServiceError } from '#lib/platform/errors.ts'
import { methodsOfPath, patternOfUrl } from '#lib/platform/http/match-path.ts'
import { errorResponse, withStandardHeaders } from './respond.ts'
import type { Route } from './route.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
type Serve = (request: Request) => Promise<Response>

/**
 * Everything a `route.ts` exports: each request goes to the route of its address and method, HEAD to that of GET.
 * An address that no route has gets a JSON 404, a method that its address has not a JSON 405.
 */
export function routes(...given: readonly Route[]): Record<(typeof METHODS)[number], Serve> {
  const endpoints = given.map(({ endpoint }) => endpoint)
  const find = (path: string | null, method: string) =>
    given.find(({ endpoint }) => endpoint.path === path && endpoint.method === method)

  const serve: Serve = async (request) => {
    const { pathname } = new URL(request.url)
    const path = patternOfUrl(endpoints, pathname)
    const isHead = request.method === 'HEAD'
    const route = find(path, isHead ? 'GET' : request.method)
    if (route === undefined) return refuse(methodsOfPath(endpoints, pathname))
    const response = await route(request)
    if (!isHead) return response
    await response.body?.cancel()
    return new Response(null, { status: response.status, headers: response.headers })
  }
  return Object.fromEntries(METHODS.map((method) => [method, serve])) as ReturnType<typeof routes>
}

function refuse(allowed: readonly string[] | null): Response {
  const requestId = randomUUID()
  const error =
    allowed === null
      ? new ServiceError('NOT_FOUND', 'There is nothing at this address: /api/openapi.json has them all.')
      : new ServiceError('METHOD_NOT_ALLOWED', `This address takes ${allowed.join(', ')}.`)
  const { response } = errorResponse(error, requestId)
  if (allowed !== null) response.headers.set('Allow', allowed.join(', '))
  return withStandardHeaders(response, requestId)
}
