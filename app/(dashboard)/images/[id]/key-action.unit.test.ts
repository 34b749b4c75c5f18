import { expect, it } from 'vitest'
import { keyAction } from './key-action.ts'

const press = (key: string, held: Partial<Parameters<typeof keyAction>[0]> = {}) =>
  keyAction({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held })

it('arrows lead to other images, with Shift they move the image', () => {
  expect(press('ArrowRight')).toBe('next')
  expect(press('ArrowRight', { shiftKey: true })).toBe('pan-right')
  expect(press('ArrowUp')).toBeNull() // scrolls the page
})

it('signs that need Shift on the keyboard are the same keys', () => {
  expect(press('+', { shiftKey: true })).toBe('zoom-in')
  expect(press('?', { shiftKey: true })).toBe('help')
  expect(press('I', { shiftKey: true })).toBe('invert')
})

it('what belongs to the browser stays with it', () => {
  expect(press('0', { ctrlKey: true })).toBeNull()
  expect(press('ArrowLeft', { altKey: true })).toBeNull()
  expect(press('r', { metaKey: true })).toBeNull()
  expect(press('constructor')).toBeNull()
})
