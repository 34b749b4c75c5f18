import { inArray } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images } from '#db/schema/dataset.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { type ComparedFilter, comparedList, outcomeOf, probabilityChange } from './compared-list.ts'
import { type ComparedVersions, type PairedRuns, pairRuns } from './pair-runs.ts'
import type { VersionAnswers } from './paired-predictions.ts'
import type { ComparedImage, VersionAnswer } from './schema.ts'

export type ComparedImagesQuery = ComparedVersions & ComparedFilter

/** The compared images that the filter takes; a page goes on after the image `after` of the same `list`. */
export async function listComparedImages(
  context: Asker,
  query: ComparedImagesQuery & { after: { imageId: number; list: string } | null; take: number },
): Promise<{ total: number; list: string; rows: ComparedImage[] }> {
  const paired = await pairRuns(context, query)
  const listed = comparedList(paired, query)
  const { after } = query
  const last = after === null ? -1 : listed.findIndex((i) => paired.imageIds[i] === after.imageId)
  if (after !== null && (after.list !== paired.key || last === -1))
    throw new ServiceError('BAD_REQUEST', 'The list has changed: start again without a cursor.', {
      code: 'BAD_CURSOR',
    })
  const page = listed.slice(last + 1, last + 1 + query.take)
  return { total: listed.length, list: paired.key, rows: await describeImages(context.db, paired, page) }
}

/** The images at these positions of `pairs`, with their names. */
export async function describeImages(
  db: Database,
  paired: PairedRuns,
  positions: readonly number[],
): Promise<ComparedImage[]> {
  const ids = positions.map((i) => paired.imageIds[i] as number)
  const rows = await db.select({ id: images.id, key: images.key }).from(images).where(inArray(images.id, ids))
  const keys = new Map(rows.map(({ id, key }) => [id, key]))
  return positions.map((i) => describeImage(paired, i, keys))
}

function describeImage(paired: PairedRuns, i: number, keys: ReadonlyMap<number, string>): ComparedImage {
  const { pairs, imageIds } = paired
  const imageId = imageIds[i] as number
  const answer = ({ predictedIndices, probabilities }: VersionAnswers): VersionAnswer => {
    const own = Array.from(probabilities.subarray(i * pairs.classes.length, (i + 1) * pairs.classes.length))
    const predicted = predictedIndices[i] as number
    return {
      predictedClass: pairs.classes[predicted] as string,
      confidence: own[predicted] as number,
      probabilities: own,
    }
  }
  return {
    imageId,
    imageKey: keys.get(imageId) ?? '',
    referenceClass: pairs.classes[pairs.referenceIndices[i] as number] as string,
    patient: pairs.patients[i] ?? null,
    outcome: outcomeOf(paired, i),
    change: probabilityChange(paired, i),
    baseline: answer(pairs.baseline),
    candidate: answer(pairs.candidate),
  }
}
