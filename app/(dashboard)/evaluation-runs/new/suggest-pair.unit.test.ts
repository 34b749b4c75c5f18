import { expect, it } from 'vitest'
import { suggestPair } from './suggest-pair.ts'

const lungs = ['lung-covid', 'lung-normal']
const version = (id: string, findingClasses: string[]) => ({
  id,
  label: id,
  findingClasses,
  imported: false,
})
const dataset = (name: string, findingClasses: string[]) => ({ name, images: 9, findingClasses })

const choices = {
  versions: [version('newest', lungs), version('older', [...lungs, 'oct-drusen'])],
  datasets: [
    dataset('eyes', ['oct-drusen']),
    dataset('final_eval', [...lungs, 'oct-drusen']),
    dataset('radiographs', lungs),
    dataset('unscanned', []),
  ],
}

it.each([
  ['nothing is named', { version: null, dataset: null }, 'newest', 'radiographs'],
  ['a version is named', { version: 'older', dataset: null }, 'older', 'final_eval'],
  ['a dataset is named', { version: null, dataset: 'eyes' }, 'older', 'eyes'],
  ['both are named', { version: 'newest', dataset: 'eyes' }, 'newest', 'eyes'],
  ['the dataset is gone', { version: null, dataset: 'gone' }, 'newest', null],
  ['the version is gone', { version: 'gone', dataset: null }, 'newest', 'radiographs'],
])('suggests what fits together where %s', (_case, wanted, versionId, datasetName) => {
  expect(suggestPair(choices, wanted)).toEqual({ versionId, datasetName })
})

it('suggests no dataset where the version knows none of them whole', () => {
  const heart = { ...choices, versions: [version('heart', ['heart-normal'])] }
  expect(suggestPair(heart, { version: null, dataset: null })).toEqual({
    versionId: 'heart',
    datasetName: null,
  })
})

it('suggests nothing where there is nothing', () => {
  expect(suggestPair({ versions: [], datasets: [] }, { version: null, dataset: null })).toEqual({
    versionId: null,
    datasetName: null,
  })
})
