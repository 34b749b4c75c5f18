import { expect, it } from 'vitest'
import { importedPredictionsSchema } from './schema.ts'

const placesOf = (name: string) =>
  importedPredictionsSchema
    .safeParse({
      modelVersion: { name, findingClasses: ['a', 'b'] },
      dataset: 'd',
      predictions: [{ imageKey: 'a/1.png', referenceClass: 'a', probabilities: [0.5, 0.5] }],
    })
    .error?.issues.map(({ path }) => path.join('.')) ?? []

it.each(['\x1b[2Jm', 'two\nlines', 'xnno.\u202em'])(
  'a model is not named %j, which a terminal obeys',
  (name) => {
    expect(placesOf(name)).toEqual(['modelVersion.name'])
    expect(placesOf('Röntgen 胸部')).toEqual([])
  },
)
