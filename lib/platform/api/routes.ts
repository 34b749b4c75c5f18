import { randomUUID } from 'node:crypto'
import { ServiceError } from '#lib/platform/errors.ts'
import { errorResponse, withStandardHeaders } from './respond.ts'
import type { Route } from './route.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
type Method = (typeof METHODS)[number]
type RouteExports = Record<
  Method,
  ((request: Request) => Promise<Response>) & { endpoint?: Route['endpoint'] }
>

/**
 * Everything a `route.ts` exports: the given routes, HEAD wherever GET is, and a JSON 405 for every other method
 * (Next itself answers those without a body).
 */
export function routes(...given: Route[]): RouteExports {
  const byMethod = new Map<string, Route>(given.map((route) => [route.endpoint.method, route]))
  const get = byMethod.get('GET')
  const allowed = [...byMethod.keys(), ...(get === undefined ? [] : ['HEAD'])].join(', ')
  const refuse = async () => {
    const requestId = randomUUID()
    const error = new ServiceError('METHOD_NOT_ALLOWED', `This address accepts ${allowed}.`)
    const { response } = errorResponse(error, requestId)
    response.headers.set('Allow', allowed)
    return withStandardHeaders(response, requestId)
  }
  const head = async (request: Request) => {
    if (get === undefined) return refuse()
    const response = await get(request)
    await response.body?.cancel()
    return new Response(null, { status: response.status, headers: response.headers })
  }
  const entries = METHODS.map((method) => [
    method,
    method === 'HEAD' ? head : (byMethod.get(method) ?? refuse),
  ])
  return Object.fromEntries(entries) as RouteExports
}
