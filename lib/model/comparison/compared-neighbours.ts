import type { ImageNeighbours } from '#lib/data/image/schema.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { comparedList } from './compared-list.ts'
import { type ComparedImagesQuery, describeImages } from './list-compared-images.ts'
import { pairRuns } from './pair-runs.ts'

/** The images before and after one in a list of compared images; refused for an image that the list does not hold. */
export async function getComparedNeighbours(
  context: Asker,
  query: ComparedImagesQuery & { imageId: number },
): Promise<ImageNeighbours> {
  const paired = await pairRuns(context, query)
  const listed = comparedList(paired, query)
  const at = listed.findIndex((i) => paired.imageIds[i] === query.imageId)
  if (at === -1)
    throw new ServiceError(
      'NOT_FOUND',
      `The image ${query.imageId} is not in this list of compared images.`,
      {
        code: 'NOT_IN_LIST',
      },
    )
  const beside = async (position: number | undefined) => {
    if (position === undefined) return null
    const [image] = await describeImages(context.db, paired, [position])
    return image === undefined ? null : { id: image.imageId, imageKey: image.imageKey }
  }
  return {
    previous: await beside(listed[at - 1]),
    next: await beside(listed[at + 1]),
    position: at + 1,
    total: listed.length,
  }
}
