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
    'ONNX format 10, operator set 18, 140,905 parameters.',
    'Input “input” (float32, any × 1 × 64 × 64), output “logits” (float32, any × 2).',
    'The weights are inside the file, and every operator is supported.',
    'One image yields 2 outputs, one per finding class of the card.',
    'A test image yields finite outputs, identical on every run.',
    'One test image took 2.8 ms on the CPU.',
  ])
})

it('says nothing of the file where the evaluator did not', () => {
  const [first, , , last] = describeAdmission({ provider: 'cuda', dryRunMilliseconds: 41.7, model: null }, [
    'a',
    'b',
  ])
  expect(first).toContain('The weights')
  expect(last).toBe('One test image took 42 ms on the GPU.')
})
