import type { RankedScores } from './ranked-scores.ts'

/**
 * A receiver operating characteristic as counts: how many images of the other classes and of the class itself score
 * at least a threshold, for falling thresholds. Rates are these counts over `negatives` and `positives`.
 */
export type RocCurve = {
  positives: number
  negatives: number
  /** [false positives, true positives], from [0, 0] to [negatives, positives]; both never fall. */
  points: [number, number][]
}

/** As many as a diagram can show: a curve of a hundred thousand images keeps within a pixel of itself. */
export const MAX_ROC_POINTS = 200

/**
 * The ROC curve of one class against the others, one point for each distinct score (ties move along one straight
 * line, which is what makes the area under it count them half), thinned to `maxPoints`.
 * Domain: `positives` and `negatives` above 0; otherwise there is no curve and `points` is empty.
 *
 * Source: Fawcett, Pattern Recognition Letters 2006, 27:861, algorithm 1.
 * Example: positives 0.4, 0.8; negatives 0.4, 0.2 → [0, 0], [0, 1], [1, 2], [2, 2]
 */
export function rocCurve(ranked: RankedScores, maxPoints = MAX_ROC_POINTS): RocCurve {
  const { images, isPositive, endsTie } = ranked
  const points: [number, number][] = [[0, 0]]
  let falsePositives = 0
  let truePositives = 0
  for (let rank = images.length - 1; rank >= 0; rank--) {
    if (isPositive[rank] === 1) truePositives += 1
    else falsePositives += 1
    if (rank === 0 || endsTie[rank - 1] === 1) points.push([falsePositives, truePositives])
  }
  const curve = { positives: truePositives, negatives: falsePositives }
  if (truePositives === 0 || falsePositives === 0) return { ...curve, points: [] }
  return { ...curve, points: thin(points, curve, maxPoints) }
}

type Stretch = { from: number; to: number; farthest: number; distance: number }

/**
 * Keeps both ends, then again and again the point that lies farthest from the line between its kept neighbours, until
 * all others lie exactly on those lines or `maxPoints` are kept.
 *
 * Source: Douglas & Peucker, Cartographica 1973, 10:112, taken farthest first.
 */
function thin(
  points: readonly [number, number][],
  scale: Pick<RocCurve, 'positives' | 'negatives'>,
  maxPoints: number,
): [number, number][] {
  const kept = new Set([0, points.length - 1])
  const stretches = [farthestOf(points, scale, 0, points.length - 1)]
  while (kept.size < maxPoints) {
    let widest = 0
    for (let i = 1; i < stretches.length; i++)
      if ((stretches[i]?.distance ?? 0) > (stretches[widest]?.distance ?? 0)) widest = i
    const stretch = stretches[widest]
    if (stretch === undefined || stretch.distance === 0) break
    kept.add(stretch.farthest)
    stretches[widest] = farthestOf(points, scale, stretch.from, stretch.farthest)
    stretches.push(farthestOf(points, scale, stretch.farthest, stretch.to))
  }
  return points.filter((_, i) => kept.has(i))
}

/** The point between `from` and `to` farthest from their line, in the unit square; distance 0 is exactly on it. */
function farthestOf(
  points: readonly [number, number][],
  { positives, negatives }: Pick<RocCurve, 'positives' | 'negatives'>,
  from: number,
  to: number,
): Stretch {
  const [x0, y0] = points[from] as [number, number]
  const [x1, y1] = points[to] as [number, number]
  const length = Math.hypot((x1 - x0) / negatives, (y1 - y0) / positives)
  let farthest = from
  let twiceArea = 0 // of whole numbers, so that "on the line" is exact
  for (let i = from + 1; i < to; i++) {
    const [x, y] = points[i] as [number, number]
    const area = Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0))
    if (area > twiceArea) {
      farthest = i
      twiceArea = area
    }
  }
  return { from, to, farthest, distance: twiceArea / negatives / positives / length }
}
