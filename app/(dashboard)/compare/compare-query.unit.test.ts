import { describe, expect, it } from 'vitest'
import { choosePair, readCompareQuery } from './compare-query.ts'

const A = '00000000-0000-4000-8000-00000000000a'
const versions = ['newest', 'middle', 'oldest'].map((modelVersionId) => ({ modelVersionId }))

describe('readCompareQuery', () => {
  it('takes what makes sense and passes over the rest', () => {
    expect(
      readCompareQuery({
        baseline: A,
        candidate: 'v2',
        dataset: 'final_eval',
        intersection: 'yes',
        accuracyFloor: '0.9',
        nonInferiorityMargin: '7',
        minimumImages: '50',
        mustNotMiss: 'covid',
      }),
    ).toEqual({
      baseline: A,
      candidate: undefined,
      dataset: 'final_eval',
      intersection: false,
      gateRules: {
        accuracyFloor: 0.9,
        nonInferiorityMargin: undefined,
        minimumImages: 50,
        minimumClassImages: undefined,
        mustNotMiss: ['covid'],
      },
    })
  })
})

describe('choosePair', () => {
  const chosen = (baseline?: string, candidate?: string) => choosePair(versions, { baseline, candidate })
  it('compares the newest with the one before it', () => {
    expect(chosen()).toEqual({ baseline: 'middle', candidate: 'newest' })
  })
  it('compares with the version before the stated candidate, or else with another', () => {
    expect(chosen(undefined, 'middle')).toEqual({ baseline: 'oldest', candidate: 'middle' })
    expect(chosen(undefined, 'oldest')).toEqual({ baseline: 'newest', candidate: 'oldest' })
  })
  it('compares the newest other one with the stated baseline', () => {
    expect(chosen('newest')).toEqual({ baseline: 'newest', candidate: 'middle' })
    expect(chosen('oldest', 'oldest')).toEqual({ baseline: 'oldest', candidate: 'oldest' })
  })
  it('has nothing to compare in fewer than two versions', () => {
    expect(choosePair([], { baseline: undefined, candidate: undefined })).toBeNull()
    expect(choosePair(versions.slice(0, 1), { baseline: undefined, candidate: undefined })).toBeNull()
  })
})
