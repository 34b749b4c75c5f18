import { expect, test } from 'vitest'
import { matchAnswers } from './match-answers.ts'
import { pairAnswers } from './pair-answers.ts'
import type { Answers, ImageContent } from './read-answers.ts'

type Row = { id: number; content?: ImageContent; reference?: string; predicted?: string; patient?: string }

function answers(findingClasses: string[], rows: Row[], errors = 0): Answers {
  return {
    findingClasses,
    imageIds: Float64Array.from(rows, ({ id }) => id),
    referenceIndices: Int32Array.from(rows, ({ reference = 'a' }) => findingClasses.indexOf(reference)),
    predictedIndices: Int32Array.from(rows, ({ predicted = 'a' }) => findingClasses.indexOf(predicted)),
    probabilities: Float64Array.from(
      rows.flatMap(({ predicted = 'a' }) => findingClasses.map((name) => (name === predicted ? 0.8 : 0.1))),
    ),
    patients: rows.map(({ patient }) => patient ?? null),
    contents: rows.every(({ content }) => content === undefined)
      ? null
      : rows.map(({ content }) => content ?? { key: '', sha256: null }),
    errors,
  }
}
const file = (key: string, sha256: string | null = null): ImageContent => ({ key, sha256 })
const AB = ['a', 'b']

test.each<[string, Row[], Row[], [number, number][], number]>([
  ['the same image', [{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 3 }], [[1, 0]], 0],
  [
    'the same bytes under another key',
    [{ id: 1, content: file('a/1', 'x') }],
    [{ id: 2, content: file('a/2', 'x') }],
    [[0, 0]],
    0,
  ],
  [
    'a key whose bytes were replaced: not the same image',
    [{ id: 1, content: file('a/1', 'x') }],
    [{ id: 2, content: file('a/1', 'y') }],
    [],
    0,
  ],
  [
    'the same key where one side has no content',
    [{ id: 1, content: file('a/1') }],
    [{ id: 2, content: file('a/1', 'y') }],
    [[0, 0]],
    0,
  ],
  [
    'the same key where neither has content',
    [{ id: 1, content: file('a/1', 'x') }],
    [{ id: 2, content: file('a/1') }],
    [[0, 0]],
    0,
  ],
  [
    'the same bytes in another class: relabelled',
    [{ id: 1, content: file('a/1', 'x') }],
    [{ id: 2, content: file('b/1', 'x'), reference: 'b' }],
    [],
    1,
  ],
  [
    'the same bytes in two classes: each with its own',
    [
      { id: 1, content: file('a/1', 'x') },
      { id: 2, content: file('b/1', 'x'), reference: 'b' },
    ],
    [
      { id: 3, content: file('b/2', 'x'), reference: 'b' },
      { id: 4, content: file('a/2', 'x') },
    ],
    [
      [1, 0],
      [0, 1],
    ],
    0,
  ],
])('matches %s', (_, baseline, candidate, pairs, relabelled) => {
  const { matches, imageSets } = matchAnswers(answers(AB, baseline, 1), answers(AB, candidate, 2))
  expect(Array.from(matches.baseline, (i, at) => [i, matches.candidate[at]])).toEqual(pairs)
  expect(imageSets).toEqual({
    baseline: { images: baseline.length, errors: 1 },
    candidate: { images: candidate.length, errors: 2 },
    both: pairs.length,
    baselineOnly: baseline.length - pairs.length,
    candidateOnly: candidate.length - pairs.length,
    relabelled,
  })
})

test('moves each version’s probabilities to the place of their class', () => {
  const baseline = answers(AB, [{ id: 1, predicted: 'b', patient: 'p' }])
  const candidate = answers(['c', 'b', 'a'], [{ id: 1, predicted: 'c' }])
  const { matches } = matchAnswers(baseline, candidate)
  const paired = pairAnswers(baseline, candidate, matches)
  expect(paired).toEqual({
    classes: ['a', 'b', 'c'],
    referenceIndices: Int32Array.of(0),
    baseline: { predictedIndices: Int32Array.of(1), probabilities: Float64Array.of(0.1, 0.8, 0) },
    candidate: { predictedIndices: Int32Array.of(2), probabilities: Float64Array.of(0.1, 0.1, 0.8) },
    patients: ['p'],
  })
})
