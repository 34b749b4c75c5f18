import type { z } from 'zod'
import { ServiceError } from '#lib/platform/errors.ts'

const MAX_REPORTED_FAULTS = 20

/** The schema's value, or BAD_REQUEST with the path and the fault of each field; values are never quoted back. */
export function parseWith<S extends z.ZodType>(schema: S, input: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, MAX_REPORTED_FAULTS).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message.slice(0, 300),
  }))
  const first = faults[0]
  const place = first === undefined || first.path === '' ? where : `${where}, ${first.path}`
  throw new ServiceError('BAD_REQUEST', `Wrong ${place}: ${first?.message ?? 'not accepted'}.`, {
    code: 'INVALID_INPUT',
    details: { faults },
  })
}
