import { expect, test } from 'vitest'
import { predictionReply } from './prediction-reply.ts'

const prediction = (...probabilities: [string, number][]) => ({
  predictedIndex: 0,
  predictedClass: probabilities[0]?.[0] ?? '',
  probabilities,
  modelVersion: { id: 'x', name: 'lung "vit"', number: 3 },
})

test('the probabilities stand in the order of the classes, also where these are numbers', () => {
  const text = predictionReply(prediction(['10', 0.25], ['lung-normal', 0.125], ['2', 1e-20], ['01', 0.5]))
  expect(text).toBe(
    '{"pred_idx":0,"pred_class":"10","probabilities":{"10":0.25,"lung-normal":0.125,"2":1e-20,"01":0.5},' +
      '"model_version":"lung \\"vit\\" v3"}',
  )
})

test('a class may have any name', () => {
  const names = ['__proto__', 'constructor', '"', '\\', '</script>', 'röntgen', '=cmd|x']
  const text = predictionReply(prediction(...names.map((name): [string, number] => [name, 0.1])))
  expect(Object.keys(JSON.parse(text).probabilities)).toEqual(names)
})
