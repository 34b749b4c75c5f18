import { z } from 'zod'
import type { GateRules } from '#lib/model/comparison/schema.ts'

const ignored = <S extends z.ZodType>(schema: S) => schema.optional().catch(undefined)
const ratio = z.coerce.number().min(0).max(1)
const count = z.coerce.number().int().min(0).max(1_000_000)
const className = z.string().min(1).max(100)

/** What the address of the page may say; what makes no sense is passed over. */
const querySchema = z.object({
  dataset: ignored(z.string().min(1).max(200)),
  baseline: ignored(z.uuid()),
  candidate: ignored(z.uuid()),
  intersection: z.literal('true').optional().catch(undefined),
  accuracyFloor: ignored(ratio),
  nonInferiorityMargin: ignored(ratio),
  minimumImages: ignored(count),
  minimumClassImages: ignored(count),
  mustNotMiss: ignored(
    z.union([className, z.array(className).max(1000)]).transform((names) => [names].flat()),
  ),
})

export type CompareQuery = {
  dataset: string | undefined
  baseline: string | undefined
  candidate: string | undefined
  intersection: boolean
  gateRules: { [Rule in keyof GateRules]?: GateRules[Rule] | undefined }
}

export function readCompareQuery(query: Record<string, string | string[] | undefined>): CompareQuery {
  const { dataset, baseline, candidate, intersection, ...gateRules } = querySchema.parse(query)
  return { dataset, baseline, candidate, intersection: intersection === 'true', gateRules }
}

type Choice = { modelVersionId: string }

/**
 * The two versions that are compared where the address leaves one open, from the newest first: the newest as candidate,
 * and the one before it as baseline.
 */
export function choosePair(
  versions: readonly Choice[],
  query: Pick<CompareQuery, 'baseline' | 'candidate'>,
): { baseline: string; candidate: string } | null {
  const ids = versions.map(({ modelVersionId }) => modelVersionId)
  const candidate = query.candidate ?? ids.find((id) => id !== query.baseline)
  if (candidate === undefined) return null
  const older = ids.slice(ids.indexOf(candidate) + 1)
  const baseline = query.baseline ?? older[0] ?? ids.find((id) => id !== candidate)
  return baseline === undefined ? null : { baseline, candidate }
}
