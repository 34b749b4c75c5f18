import { describe, expect, test } from 'vitest'
import { explainNothingTaken } from '#lib/data/snapshot/nothing-taken.ts'
import { findOuterFolder } from './outer-folder.ts'

describe('the outer folder of an archive', () => {
  test.each([
    [['chest_xray/NORMAL/0.png', 'chest_xray/COVID/0.png'], 'chest_xray/'],
    [['a/b/NORMAL/0.png', 'a/b/COVID/0.png'], 'a/b/'],
    [['x/N/0.png', '__MACOSX/x/N/._0.png', 'x/C/1.png', 'x/.DS_Store'], 'x/'],
  ])('of %j is %s', (names, outer) => {
    expect(findOuterFolder(names)).toBe(outer)
  })

  test.each([
    ['the classes stand at the top', ['NORMAL/0.png', 'COVID/0.png']],
    ['there is one folder below it, a class or a patient', ['NORMAL/p1/0.png', 'NORMAL/p1/1.png']],
    ['parts lie around the classes', ['train/N/0.png', 'test/N/0.png', 'train/C/0.png']],
    ['files lie at several depths', ['x/N/0.png', 'x/C/p/0.png']],
    ['a file lies beside it', ['x/N/0.png', 'x/C/0.png', 'list.csv']],
    ['there is nothing', []],
  ])('is none where %s', (_what, names) => {
    expect(findOuterFolder(names)).toBe('')
  })
})

describe('where nothing was taken', () => {
  const files = (code: string, ...names: string[]) => names.map((file) => ({ file, code }))
  test.each([
    ['parts', files('NESTED', 'train/N/0.png', 'val/N/0.png', 'test/N/0.png'), 'lie below test, train, val'],
    [
      'one folder',
      files('NESTED', 'x/N/0.png', 'x/N/1.png'),
      'Take the folder in which the finding classes lie',
    ],
    ['patients', files('NESTED', 'N/p1/0.png', 'C/p2/0.png'), 'Put them directly into the folder'],
    ['links', files('LINK', 'N/0.png', 'C/0.png'), 'There are only symbolic links'],
    ['files beside', files('NO_FINDING_CLASS', '0.png', '1.png'), 'lie beside the folders'],
    ['nothing', [], 'There is no file. Check the folder or prefix.'],
    ['texts', files('NOT_AN_IMAGE', 'N/a.txt'), '1 neither JPEG nor PNG'],
  ])('the reason of %s is named', (_what, skipped, says) => {
    expect(explainNothingTaken(skipped)).toContain(says)
  })
})
