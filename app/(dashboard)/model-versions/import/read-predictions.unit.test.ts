import { describe, expect, it } from 'vitest'
import { csvText } from '#lib/platform/http/csv-text.ts'
import { readPredictions } from './read-predictions.ts'

describe('readPredictions', () => {
  it('reads what an evaluation exports, its error rows left out', () => {
    const text = csvText([
      ['imageKey', 'referenceClass', 'predictedClass', 'status', 'code', '=covid', 'normal'],
      ['normal/1, left.png', 'normal', 'normal', 'ok', null, 0.25, 0.75],
      ['normal/2.png', 'normal', null, 'error', 'CORRUPT_IMAGE', null, null],
      ['=covid/3.png', '=covid', '=covid', 'ok', null, 1, 0],
    ])
    expect(readPredictions(text)).toEqual({
      findingClasses: ['=covid', 'normal'],
      leftOut: 1,
      predictions: [
        { line: 2, imageKey: 'normal/1, left.png', referenceClass: 'normal', probabilities: [0.25, 0.75] },
        { line: 4, imageKey: '=covid/3.png', referenceClass: '=covid', probabilities: [1, 0] },
      ],
    })
  })

  it('takes patients where they are named, and a file from a spreadsheet', () => {
    const text = '\ufeffimageKey,patient,referenceClass,a,b\r\na/1,p1,a,0.5,0.5\r\na/2,,b,1e-3,0.999\r\n'
    expect(readPredictions(text)).toMatchObject({
      predictions: [{ patient: 'p1' }, { referenceClass: 'b', probabilities: [0.001, 0.999] }],
    })
    expect(readPredictions(text)).not.toHaveProperty('predictions.1.patient')
  })

  it.each([
    ['an empty file', '', ['The column imageKey is missing.', 'The column referenceClass is missing.']],
    [
      'no probabilities',
      'imageKey,referenceClass,a\na/1,a,1',
      ['At least two columns of probabilities are needed, one per finding class.'],
    ],
    ['no lines', 'imageKey,referenceClass,a,b', ['The file has no line of predictions below its header.']],
    ['a class twice', 'imageKey,referenceClass,a,b,a\n', ['The column a appears twice.']],
    [
      'an unknown reference class',
      'imageKey,referenceClass,a,b\nx,c,1,0',
      ['Line 2: the reference class “c” has no column.'],
    ],
    [
      'words and percentages for numbers',
      'imageKey,referenceClass,a,b\nx,a,1,0\ny,a,97 %,0\nz,a,,1',
      [
        'Line 3: “97 %” under a is not a number from 0 to 1.',
        'Line 4: “” under a is not a number from 0 to 1.',
      ],
    ],
    ['no key', 'imageKey,referenceClass,a,b\n,a,1,0', ['Line 2: imageKey is empty.']],
  ])('says what is wrong with %s', (_what, text, faults) => {
    expect(readPredictions(text)).toEqual({ faults })
  })

  it('counts the lines of the file, also empty ones, and leaves a column without a name aside', () => {
    const text = 'imageKey,referenceClass,a,b,\r\n\r\n\r\nx,a,1,0,\r\ny,a,2,0,\r\n'
    expect(readPredictions(text)).toEqual({ faults: ['Line 5: “2” under a is not a number from 0 to 1.'] })
  })

  it('names a line that is broken off, and not hundreds of faults', () => {
    const broken = readPredictions('imageKey,referenceClass,a,b\nx,a,1')
    expect(broken).toMatchObject({ faults: [expect.stringMatching(/^This is no CSV: .*line 2/)] })
    const many = readPredictions(`imageKey,referenceClass,a,b\n${'x,a,2,0\n'.repeat(100)}`)
    expect(many).toMatchObject({ faults: { length: 6, 5: 'And 95 more.' } })
  })
})
