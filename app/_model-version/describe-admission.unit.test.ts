import { expect, it } from 'vitest'
import { describeAdmission } from './describe-admission.ts'

const model = {
  inputs: [{ name: 'input', type: 'float32', shape: [null, 1, 64, 64] }],
  outputs: [{ name: 'logits', type: 'float32', shape: [null, 2] }],
  irVersion: 10,
  opset: 18,
  parameters: 140905,
}

it('says what the file holds and what was tried', () => {
  expect(describeAdmission({ provider: 'cpu', dryRunMilliseconds: 2.776, model }, ['a', 'b'])).toEqual([
    'The file is ONNX of format 10, operator set 18, with 140,905 parameters.',
    'It takes “input” (float32, any × 1 × 64 × 64) and gives “logits” (float32, any × 2).',
    'Its weights lie in the file itself, and it uses only operators that are known and allowed.',
    'One image in gives 2 numbers out, one for each finding class of the card.',
    'It gives finite numbers for a trial image, the same ones each time.',
    'One trial image took 2.8 ms on the CPU.',
  ])
})

it('says nothing of the file where the evaluator did not', () => {
  const [first, , , last] = describeAdmission({ provider: 'cuda', dryRunMilliseconds: 41.7, model: null }, [
    'a',
    'b',
  ])
  expect(first).toContain('Its weights')
  expect(last).toBe('One trial image took 42 ms on the GPU.')
})
