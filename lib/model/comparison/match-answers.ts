import type { Answers, ImageContent } from './read-answers.ts'
import type { ImageSets } from './schema.ts'

/** The same images' positions among the baseline's and among the candidate's answers. */
export type Matches = { baseline: Int32Array; candidate: Int32Array }

/**
 * Joins two runs' answers by image content and reference class; by key where an image has no content. In the order of
 * the candidate's image ids.
 */
export function matchAnswers(
  baseline: Answers,
  candidate: Answers,
): { matches: Matches; imageSets: ImageSets } {
  const find = finderOf(baseline)
  const matches = { baseline: [] as number[], candidate: [] as number[] }
  let relabelled = 0
  for (let i = 0; i < candidate.imageIds.length; i++) {
    const findingClass = referenceClass(candidate, i)
    const content = candidate.contents?.[i] ?? null
    const same = find({ imageId: candidate.imageIds[i] as number, content, findingClass })
    if (same === undefined) continue
    if (referenceClass(baseline, same) !== findingClass) relabelled += 1
    else {
      matches.baseline.push(same)
      matches.candidate.push(i)
    }
  }
  const both = matches.baseline.length
  return {
    matches: {
      baseline: Int32Array.from(matches.baseline),
      candidate: Int32Array.from(matches.candidate),
    },
    imageSets: {
      baseline: { images: baseline.imageIds.length, errors: baseline.errors },
      candidate: { images: candidate.imageIds.length, errors: candidate.errors },
      both,
      baselineOnly: baseline.imageIds.length - both,
      candidateOnly: candidate.imageIds.length - both,
      relabelled,
    },
  }
}

function referenceClass({ findingClasses, referenceIndices }: Answers, i: number): string | undefined {
  return findingClasses[referenceIndices[i] as number]
}

type Wanted = { imageId: number; content: ImageContent | null; findingClass: string | undefined }

/** Looks an image up among a run's answers: its position, preferably in the same reference class. */
function finderOf(answers: Answers): (wanted: Wanted) => number | undefined {
  const byId = new Map(Array.from(answers.imageIds, (imageId, i) => [imageId, i]))
  const byKey = new Map<string, number>()
  /** Several where the same bytes stand in several classes. */
  const bySha256 = new Map<string, number[]>()
  answers.contents?.forEach(({ key, sha256 }, i) => {
    byKey.set(key, i)
    if (sha256 === null) return
    const twins = bySha256.get(sha256)
    if (twins === undefined) bySha256.set(sha256, [i])
    else twins.push(i)
  })
  return ({ imageId, content, findingClass }) => {
    const itself = byId.get(imageId)
    if (itself !== undefined || content === null) return itself
    const twins = content.sha256 === null ? undefined : bySha256.get(content.sha256)
    if (twins !== undefined)
      return twins.find((twin) => referenceClass(answers, twin) === findingClass) ?? twins[0]
    const ofKey = byKey.get(content.key)
    if (ofKey === undefined) return undefined
    // Both with content, and not the same: a file was replaced, and this is another image.
    const isReplaced = content.sha256 !== null && answers.contents?.[ofKey]?.sha256 !== null
    return isReplaced ? undefined : ofKey
  }
}
