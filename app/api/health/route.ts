import { ServiceError } from '#lib/errors.ts'

export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  return Response.json({ status: new ServiceError('NOT_FOUND', 'x').code })
}
