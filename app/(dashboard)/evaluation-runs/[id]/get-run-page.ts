import { notFound } from 'next/navigation'
import { cache } from 'react'
import { z } from 'zod'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { getEvaluationRun } from '#lib/model/evaluation-run/queries.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** The run of the address for a user who may see it, looked up once for title and page. */
export const getRunOfPage = cache(async (id: string) => {
  const actor = await requirePageActor('evaluation-run:read')
  if (!z.uuid().safeParse(id).success) notFound()
  try {
    return { ...actor, run: await getEvaluationRun(actor.context, { id }) }
  } catch (error) {
    if (error instanceof ServiceError && error.kind === 'NOT_FOUND') notFound()
    throw error
  }
})
