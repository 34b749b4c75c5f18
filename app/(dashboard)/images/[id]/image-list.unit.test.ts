import { expect, it } from 'vitest'
import { addressInList, addressOfList, describeList, imageListOf } from './image-list.ts'

const RUN = '0196f0a2-7c11-7d2e-9b11-3f6a1d2c4e5f'

it('the address of a neighbour keeps the run, its filters and its order', () => {
  const query = { run: RUN, outcome: 'wrong', referenceClass: 'a & b', sort: 'confidence-asc' }
  const address = addressInList(imageListOf(query), 42)
  const { pathname, searchParams } = new URL(address, 'http://localhost')
  expect(pathname).toBe('/images/42')
  expect(Object.fromEntries(searchParams)).toEqual(query)
})

it('without a run the list is the dataset, of one finding class or of all', () => {
  expect(imageListOf({ findingClass: 'lung-covid' })).toEqual({ kind: 'dataset', findingClass: 'lung-covid' })
  expect(addressInList(imageListOf({}), 7)).toBe('/images/7')
})

it('what makes no sense in the address is passed over', () => {
  const list = imageListOf({ run: 'x', outcome: 'maybe', sort: ['key', 'key'], findingClass: '' })
  expect(list).toEqual({ kind: 'dataset', findingClass: undefined })
})

it('leads back to the list with the same filters', () => {
  expect(addressOfList(imageListOf({ run: RUN, outcome: 'wrong' }), 'final_eval')).toBe(
    `/evaluation-runs/${RUN}?outcome=wrong#images`,
  )
  expect(addressOfList(imageListOf({ findingClass: 'b' }), 'my data')).toBe(
    '/datasets/my%20data?findingClass=b',
  )
})

const VERSIONS = { baseline: RUN, candidate: '0196f0a2-7c11-7d2e-9b11-3f6a1d2c4e60', dataset: 'my data' }

it('keeps a comparison with its filter, also on the way back', () => {
  const list = imageListOf({ ...VERSIONS, outcome: 'fixed', modality: 'oct', sort: 'name' })
  const { pathname, searchParams } = new URL(addressInList(list, 42), 'http://localhost')
  expect(pathname).toBe('/images/42')
  expect(Object.fromEntries(searchParams)).toEqual({ ...VERSIONS, outcome: 'fixed', modality: 'oct' })
  expect(addressOfList(list, 'other')).toBe(`/compare?${searchParams}#images`)
  expect(describeList(list)).toBe('fixed, OCT, largest change first')
})

it('says in words which images the list holds', () => {
  const list = imageListOf({ run: RUN, outcome: 'wrong', predictedClass: 'b', sort: 'confidence-desc' })
  expect(describeList(list)).toBe('predicted incorrectly, predicted as b, most confident first')
})
