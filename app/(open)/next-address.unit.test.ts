import { expect, it } from 'vitest'
import { nextAddress } from './next-address.ts'

it.each(['/', '/evaluation-runs', '/evaluation-runs/7?class=PNEUMONIA#matrix', '/datasets?q=a%2Fb'])(
  'leads on to a page of this service: %s',
  (address) => {
    expect(nextAddress(address)).toBe(address)
  },
)

it.each([
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/\n\\evil.example',
  '/a/..//evil.example',
  '/.//evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  'evaluation-runs',
  '',
  null,
  undefined,
])('leads nowhere else: %j', (address) => {
  expect(nextAddress(address)).toBeNull()
})

it('does not lead back to the sign-in', () => {
  expect(nextAddress('/login?next=%2F')).toBeNull()
})
