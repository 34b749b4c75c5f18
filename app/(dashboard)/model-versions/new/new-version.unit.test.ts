import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { explainRefusal } from './explain-refusal.ts'
import { faultPlaces } from './fault-places.ts'
import { readCard } from './read-card.ts'
import { sortFiles } from './sort-files.ts'

describe('a card', () => {
  it('is shown before it is sent, with the defaults of what it leaves out', async () => {
    expect(await readCard('{"name":"lung","findingClasses":["a","b"],"input":{"width":224}}')).toEqual({
      card: expect.objectContaining({
        name: 'lung',
        findingClasses: ['a', 'b'],
        input: { name: 'input', width: 224, height: 64, channels: 1 },
      }),
    })
  })

  it.each([
    ['no JSON', 'name: lung', ['']],
    ['a list', '[]', ['']],
    ['saved with a byte order mark', '\uFEFF{}', ['']],
    ['without a name', '{"findingClasses":["a","b"]}', ['name']],
    ['of one class', '{"name":"lung","findingClasses":["a"]}', ['findingClasses']],
    ['of classes that are numbers', '{"name":"lung","findingClasses":[1,"b"]}', ['findingClasses.0']],
    [
      'wrong in several places',
      '{"name":"","findingClasses":["a","b"],"preprocessing":{"mode":"CMYK"},"input":{"width":0}}',
      ['name', 'input.width', 'preprocessing.mode'],
    ],
  ])('that is %s is refused before it is sent, place by place', async (_what, text, places) => {
    const read = await readCard(text)
    expect('faults' in read && read.faults.map(({ path }) => path)).toEqual(places)
  })
})

describe('a refusal', () => {
  const failure = (code: string, details?: unknown) =>
    new ApiFailure(422, { code, message: 'The card, name: is missing.', details })

  it('of the card stands beside the card, place by place', () => {
    const faults = [{ path: 'name', message: 'is missing' }]
    expect(faultPlaces(failure('INVALID_CARD', { faults }))).toEqual({ model: null, card: faults })
    expect(faultPlaces(failure('CLASS_COUNT_MISMATCH')).card).toEqual([
      { path: '', message: 'The card, name: is missing.' },
    ])
  })

  it('of the model stands beside the model, one of neither beside none', () => {
    expect(faultPlaces(failure('MODEL_PARSE')).model).toBe('This is not an ONNX file.')
    expect(faultPlaces(failure('EVALUATOR_AWAY'))).toEqual({ model: null, card: [] })
  })
})

it('files that are dropped together are told apart by their names', () => {
  const files = ['Model.ONNX', 'model.json', 'notes.txt'].map((name) => new File(['x'], name))
  const { model, card, others } = sortFiles(files)
  expect([model?.name, card?.name, others]).toEqual(['Model.ONNX', 'model.json', ['notes.txt']])
})

it('every code with which the evaluator refuses a model is told in words', () => {
  const source = readdirSync('evaluator')
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(`evaluator/${name}`, 'utf8'))
    .join('\n')
  const codes = new Set(source.match(/\b(MODEL_[A-Z_]+|CLASS_COUNT_MISMATCH|HASH_MISMATCH)(?=')/g))
  expect(codes.size).toBeGreaterThan(8)
  const untold = [...codes].filter((code) => explainRefusal(code).title === explainRefusal('?').title)
  expect(untold).toEqual([])
})
