import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { csvText } from '#lib/platform/http/csv-text.ts'
import { readPredictions as readBytes } from './read-predictions.ts'

const readPredictions = (text: string, stated: string[] | null = null) =>
  readBytes(new TextEncoder().encode(text), stated)
const readCase = (name: string) =>
  readBytes(readFileSync(new URL(`../../../../tests/cases/${name}`, import.meta.url)))

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
      leftOutColumns: [],
      askedColumns: [],
      notes: [],
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
    expect(broken).toMatchObject({ faults: [expect.stringMatching(/^This is not a CSV file: .*line 2/)] })
    const many = readPredictions(`imageKey,referenceClass,a,b\n${'x,a,2,0\n'.repeat(100)}`)
    expect(many).toMatchObject({ faults: { length: 6, 5: 'And 95 more.' } })
  })
})

describe('a CSV as Excel and pandas write it', () => {
  const CLASSES = { findingClasses: ['COVID', 'NORMAL'] }
  const first = { imageKey: 'COVID/1.png', referenceClass: 'COVID', probabilities: [0.9, 0.1] }

  it.each([
    ['csv-semicolons.csv', ['The columns are separated by semicolons.']],
    [
      'csv-semicolons-decimal-comma.csv',
      ['The columns are separated by semicolons.', 'Commas in numbers were read as decimal points.'],
    ],
    ['csv-excel-blank-rows.csv', []],
  ])('is read from %s, and what is unusual is said', (name, notes) => {
    expect(readCase(name)).toMatchObject({ ...CLASSES, predictions: [first], notes })
  })

  it.each([
    ['tabs', 'imageKey\treferenceClass\tCOVID\tNORMAL\nCOVID/1.png\tCOVID\t0.9\t0.1\n'],
    ['a stated delimiter', 'sep=;\r\nimageKey;referenceClass;COVID;NORMAL\r\nCOVID/1.png;COVID;0.9;0.1\r\n'],
    ['quoted decimal commas', 'imageKey,referenceClass,COVID,NORMAL\nCOVID/1.png,COVID,"0,9","0,1"\n'],
    [
      'a comma in a quoted name',
      '"imageKey";"referenceClass";"COVID";"NORMAL"\n"COVID/1.png";"COVID";"0.9";"0.1"\n',
    ],
    [
      'scientific numbers and blanks',
      'imageKey,referenceClass,COVID,NORMAL\nCOVID/1.png, COVID , 9e-1,1.0E-1\n',
    ],
    ['old line ends', 'imageKey,referenceClass,COVID,NORMAL\rCOVID/1.png,COVID,.9,.1\r'],
  ])('is read with %s', (_what, text) => {
    expect(readPredictions(text)).toMatchObject({ ...CLASSES, predictions: [first] })
  })

  it('counts lines as the file has them below a stated delimiter', () => {
    const text = 'sep=;\r\nimageKey;referenceClass;a;b\r\nx;a;7;0\r\n'
    expect(readPredictions(text)).toEqual({ faults: ['Line 3: “7” under a is not a number from 0 to 1.'] })
  })

  it('is refused when it is not UTF-8, with the way out', () => {
    expect(readCase('csv-windows-1252.csv')).toEqual({ faults: [expect.stringContaining('CSV UTF-8')] })
    const utf16 = new Uint8Array(Buffer.from('\ufeffimageKey,referenceClass,a,b', 'utf16le'))
    expect(readBytes(utf16)).toEqual({ faults: [expect.stringContaining('UTF-16')] })
    expect(readPredictions('imageKey,referenceClass,a,b\nL\ufffdsion/1.png,a,1,0')).toEqual({
      faults: [expect.stringMatching(/^Line 2: a character was lost/)],
    })
  })

  it('has float32 noise cut off, and no more than that', () => {
    const read = readCase('csv-float-noise.csv')
    expect(read).toMatchObject({ predictions: [{ probabilities: [1, 0] }, { probabilities: [0, 1] }] })
    for (const value of ['1.00001', '-0.00001', '0x1', 'Infinity', '90 %'])
      expect(readPredictions(`imageKey,referenceClass,a,b\nx,a,${value},0\ny,b,0,1`)).toHaveProperty('faults')
  })

  it.each([
    ['csv-extra-column-fold.csv', ['fold'], ['fold']],
    ['csv-extra-column-correct.csv', ['correct'], ['correct']],
    ['csv-pandas-unnamed-0.csv', ['Unnamed: 0'], ['Unnamed: 0', 'NORMAL']],
  ])('takes no column of %s for a finding class, and asks', (name, leftOutColumns, askedColumns) => {
    expect(readCase(name)).toMatchObject({ ...CLASSES, leftOutColumns, askedColumns })
  })

  it('leaves out words, other numbers and a confidence beside the probabilities', () => {
    const text =
      'id,imageKey,referenceClass,a,b,confidence,device,loss\n' +
      '7,x,a,0.9,0.1,0.9,old,0.105\n8,y,b,0.4,0.6,0.6,new,2.3\n'
    expect(readPredictions(text)).toMatchObject({
      findingClasses: ['a', 'b'],
      leftOutColumns: ['id', 'confidence', 'device', 'loss'],
      askedColumns: ['confidence'],
    })
  })

  it('keeps the classes that no image has, as their probabilities are needed for a sum of 1', () => {
    const text = 'imageKey,referenceClass,fold,a,b,c\nx,a,1,0.7,0.2,0.1\ny,a,0,0.5,0.25,0.25\n'
    expect(readPredictions(text)).toMatchObject({ findingClasses: ['a', 'b', 'c'], leftOutColumns: ['fold'] })
  })

  it('takes the word of the person who imports for which columns are classes', () => {
    const text = 'imageKey,referenceClass,a,b,never\nx,a,0.9,0.1,0\ny,b,0.2,0.8,0\n'
    expect(readPredictions(text)).toMatchObject({ findingClasses: ['a', 'b'], askedColumns: ['never'] })
    expect(readPredictions(text, ['never'])).toMatchObject({
      findingClasses: ['a', 'b', 'never'],
      leftOutColumns: [],
    })
  })
})
