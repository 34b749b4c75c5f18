import { describe, expect, test } from 'vitest'
import { classifyLoose, countByClass, groupFiles } from './group-files.ts'
import { makeBatches } from './make-batches.ts'

const MIB = 1024 * 1024
const LIMIT = 25 * MIB
const pick = (path: string, size = 1000) => ({ path, file: { size } })
const classesOf = (paths: string[]) =>
  groupFiles(
    paths.map((path) => pick(path)),
    LIMIT,
  ).ready.map(({ findingClass, name }) => `${findingClass}: ${name}`)

describe('groupFiles', () => {
  test('takes the folders below the picked folder as finding classes', () => {
    expect(classesOf(['chest/covid/1.png', 'chest/normal/2.png'])).toEqual(['covid: 1.png', 'normal: 2.png'])
  })

  test('takes several dropped folders as the finding classes', () => {
    expect(classesOf(['covid/1.png', 'normal/2.png'])).toEqual(['covid: 1.png', 'normal: 2.png'])
  })

  test('takes a picked folder without folders in it as the finding class', () => {
    expect(classesOf(['covid/1.png', 'covid/2.png'])).toEqual(['covid: 1.png', 'covid: 2.png'])
  })

  test('takes files that lie in no folder as loose, an archive as it is', () => {
    const grouped = groupFiles([pick('1.png'), pick('Chest.ZIP')], LIMIT)
    expect(grouped.loose.map(({ path }) => path)).toEqual(['1.png'])
    expect(grouped.ready).toMatchObject([{ findingClass: null, name: 'Chest.ZIP' }])
    expect(classifyLoose(grouped.loose, 'covid')).toMatchObject([{ findingClass: 'covid', name: '1.png' }])
  })

  test.each([
    ['chest/list.csv', 'NO_FINDING_CLASS'],
    ['chest/covid/first/1.png', 'NESTED'],
    ['chest/covid/.DS_Store', 'SYSTEM_FILE'],
    ['chest/covid/._1.png', 'SYSTEM_FILE'],
    ['chest/.git/config', 'HIDDEN_FILE'],
  ])('refuses %s as %s and takes the rest', (path, code) => {
    const grouped = groupFiles([pick('chest/covid/1.png'), pick(path)], LIMIT)
    expect(grouped.refused).toEqual([{ path, code }])
    expect(grouped.ready).toHaveLength(1)
  })

  test('refuses a file without bytes and one beyond the upload limit', () => {
    const grouped = groupFiles(
      [pick('covid/0.png', 0), pick('covid/1.png', LIMIT), pick('covid/2.png', LIMIT + 1)],
      LIMIT,
    )
    expect(grouped.refused.map(({ code }) => code)).toEqual(['EMPTY_FILE', 'TOO_LARGE'])
    expect(grouped.ready).toHaveLength(1)
  })

  test('counts files by finding class, whatever its name', () => {
    const { ready } = groupFiles(
      [pick('constructor/1.png'), pick('b/2.png'), pick('b/3.png'), pick('a.zip')],
      LIMIT,
    )
    expect(countByClass(ready)).toEqual({
      findingClasses: [
        ['b', 2],
        ['constructor', 1],
      ],
      archives: 1,
    })
  })
})

describe('makeBatches', () => {
  const images = (count: number, size: number, findingClass: string | null = 'covid') =>
    Array.from({ length: count }, (_, index) => ({
      path: `${findingClass}/${index}.png`,
      name: `${index}.png`,
      findingClass,
      file: { size },
    }))

  test('sends every file once, in requests of one finding class within the limit', () => {
    const files = [...images(30, MIB), ...images(30, MIB, 'normal')]
    const batches = makeBatches(files, 4 * MIB)
    expect(batches.flatMap((batch) => batch.files)).toHaveLength(60)
    for (const batch of batches) {
      expect(batch.bytes).toBeLessThanOrEqual(4 * MIB)
      expect(batch.bytes).toBe(batch.files.reduce((sum, { file }) => sum + file.size, 0))
      expect(new Set(batch.files.map(({ findingClass }) => findingClass))).toEqual(
        new Set([batch.findingClass]),
      )
    }
    expect(batches).toHaveLength(16)
  })

  test('sends a file that is larger than a usual request alone', () => {
    const sizes = makeBatches([...images(1, 20 * MIB), ...images(2, MIB)], LIMIT).map(
      ({ bytes }) => bytes / MIB,
    )
    expect(sizes).toEqual([20, 2])
  })

  test('sends at most 200 tiny files in one request', () => {
    expect(makeBatches(images(450, 10), LIMIT).map(({ files }) => files.length)).toEqual([200, 200, 50])
  })

  test('sends each archive alone', () => {
    expect(makeBatches(images(3, 10, null), LIMIT)).toHaveLength(3)
  })
})
