import { expect, it } from 'vitest'
import { readImageTable as readBytes } from './read-image-table.ts'

const readImageTable = (text: string) => readBytes(new TextEncoder().encode(text))

it('gives each column by image key, without what is empty', () => {
  const table = readImageTable('imageKey,device,age\na/1.png,"X, old",7\na/2.png,,8\n,Y,9\n')
  expect(table).toMatchObject({ columns: ['device', 'age'] })
  expect('columns' in table && table.valuesOf('device')).toEqual([{ imageKey: 'a/1.png', value: 'X, old' }])
  expect('columns' in table && table.valuesOf('age')).toHaveLength(2)
})

it.each([
  ['', 'The column imageKey is missing.'],
  ['imageKey\na/1.png', 'There is no column beside imageKey.'],
])('refuses %j', (text, fault) => {
  expect(readImageTable(text)).toEqual({ fault })
})

it('says where a table is broken', () => {
  expect(readImageTable('imageKey,device\na/1.png')).toMatchObject({
    fault: expect.stringContaining('line 2'),
  })
})

it('reads a table of Excel with semicolons and empty rows, and says so', () => {
  const table = readImageTable('\ufeffimageKey;device;\r\na/1.png;"X; old";\r\n;;\r\n')
  expect(table).toMatchObject({ columns: ['device'], notes: ['The columns are separated by semicolons.'] })
  expect('columns' in table && table.valuesOf('device')).toEqual([{ imageKey: 'a/1.png', value: 'X; old' }])
})

it('refuses a table that is not UTF-8, with the way out', () => {
  const bytes = new Uint8Array(Buffer.from('imageKey,device\nL\xe4sion/1.png,X\n', 'latin1'))
  expect(readBytes(bytes)).toEqual({ fault: expect.stringContaining('CSV UTF-8') })
})
