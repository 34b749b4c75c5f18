import { expect, test } from 'vitest'
import { describeProgress } from './describe-progress.ts'
import type { RunState } from './run-state.ts'

const RUN: RunState = {
  id: 'a',
  status: 'running',
  progress: { done: 250, errors: 0, total: 1000 },
  reused: 0,
  scan: { status: 'ready', listed: 1000, hashed: 1000 },
  reasonCode: null,
  timings: { imagesPerSecond: 25, secondsLeft: 30 },
}

test('says how far an evaluation is, how fast, and how long it still takes', () => {
  expect(describeProgress(RUN)).toEqual({
    headline: 'Evaluating images',
    details: ['250 of 1,000 images', '25.0 images per second', 'about 30 s left'],
    doneRatio: 0.25,
  })
})

test('names errors and reused predictions where there are any', () => {
  const { details } = describeProgress({ ...RUN, progress: { ...RUN.progress, errors: 3 }, reused: 200 })
  expect(details.slice(-2)).toEqual(['3 could not be evaluated', '200 had been predicted before'])
})

test('gives no share of a whole that is not known yet', () => {
  const scanning = { ...RUN, progress: { done: 0, errors: 0, total: 0 } }
  expect(describeProgress({ ...scanning, scan: { status: 'scanning', listed: 1200, hashed: 300 } })).toEqual({
    headline: 'Scanning the dataset',
    details: ['1,200 files found', '300 read'],
    doneRatio: null,
  })
  expect(describeProgress(scanning)).toEqual({
    headline: 'In queue',
    details: [],
    doneRatio: null,
  })
})

test('promises no time left once every image has its answer', () => {
  const done = describeProgress({ ...RUN, progress: { done: 1000, errors: 0, total: 1000 } })
  expect(done.headline).toBe('Computing the numbers')
  expect(done.details).not.toContain('about 30 s left')
})
