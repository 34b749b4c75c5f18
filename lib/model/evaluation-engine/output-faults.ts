import { and, count, desc, eq, inArray } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { evaluationRunErrors } from '#db/schema/evaluation-run.ts'
import { RunFailure } from './run-failure.ts'

/** Error rows that speak of the model or the machine and not of the image. */
const OUTPUT_FAULTS = ['INVALID_OUTPUT', 'INFERENCE_FAILED', 'INFERENCE_TIMEOUT'] as const
/** Above it the numbers of the other images say nothing about the model as a whole. */
const MAX_FAULTY_RATIO = 0.01

export function isOutputFault(code: string): boolean {
  return OUTPUT_FAULTS.some((fault) => fault === code)
}

/** Ends the run as failed when the model gave no usable output for more than 1 % of its images. */
export async function refuseFaultyOutputs(db: Database, runId: string, images: number): Promise<void> {
  const faults = await db
    .select({ code: evaluationRunErrors.code, count: count() })
    .from(evaluationRunErrors)
    .where(and(eq(evaluationRunErrors.runId, runId), inArray(evaluationRunErrors.code, [...OUTPUT_FAULTS])))
    .groupBy(evaluationRunErrors.code)
    .orderBy(desc(count()))
  const faulty = faults.reduce((sum, fault) => sum + fault.count, 0)
  const [worst] = faults
  if (worst === undefined || faulty <= images * MAX_FAULTY_RATIO) return
  throw new RunFailure(
    worst.code,
    `The model gave no usable output for ${faulty} of ${images} images; at most 1 % is accepted.`,
  )
}
