import type { Matches } from './match-answers.ts'
import type { PairedPredictions, VersionAnswers } from './paired-predictions.ts'
import type { Answers } from './read-answers.ts'

/**
 * The matched answers side by side. Classes are the baseline's in its order, then those that only the candidate knows:
 * each version's probabilities move to the place of their class's name.
 */
export function pairAnswers(baseline: Answers, candidate: Answers, matches: Matches): PairedPredictions {
  const classes = [...new Set([...baseline.findingClasses, ...candidate.findingClasses])]
  const indexOf = new Map(classes.map((name, index) => [name, index]))
  const places = ({ findingClasses }: Answers) =>
    Int32Array.from(findingClasses, (name) => indexOf.get(name) ?? -1)
  const candidatePlaces = places(candidate)
  return {
    classes,
    referenceIndices: matches.candidate.map(
      (i) => candidatePlaces[candidate.referenceIndices[i] as number] as number,
    ),
    baseline: takeAnswers(baseline, matches.baseline, places(baseline), classes.length),
    candidate: takeAnswers(candidate, matches.candidate, candidatePlaces, classes.length),
    patients: Array.from(
      matches.candidate,
      (i, match) => candidate.patients[i] ?? baseline.patients[matches.baseline[match] as number] ?? null,
    ),
  }
}

function takeAnswers(
  answers: Answers,
  taken: Int32Array,
  places: Int32Array,
  classCount: number,
): VersionAnswers {
  const ownCount = places.length
  const probabilities = new Float64Array(taken.length * classCount)
  taken.forEach((i, at) => {
    for (let k = 0; k < ownCount; k++)
      probabilities[at * classCount + (places[k] as number)] = answers.probabilities[
        i * ownCount + k
      ] as number
  })
  return {
    predictedIndices: taken.map((i) => places[answers.predictedIndices[i] as number] as number),
    probabilities,
  }
}
