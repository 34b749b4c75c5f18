import { expect, it } from 'vitest'
import { arePresent } from './install.js'

const wanted = {
  '': {},
  'node_modules/next': { version: '2.0.0' },
  'node_modules/vitest': { version: '5.0.0', dev: true },
  'node_modules/vite': { version: '7.0.0', devOptional: true },
  'node_modules/fsevents': { version: '2.3.3', optional: true },
}
const runtime = { 'node_modules/next': { version: '2.0.0' } }
const whole = {
  ...runtime,
  'node_modules/vitest': { version: '5.0.0' },
  'node_modules/vite': { version: '7.0.0' },
}

it.each([
  ['an installation without the tools of development', runtime, { start: true, tests: false }],
  ['a whole installation', whole, { start: true, tests: true }],
  [
    'another version of a package',
    { ...whole, 'node_modules/next': { version: '1.9.0' } },
    { start: false, tests: false },
  ],
  ['nothing', {}, { start: false, tests: false }],
])('tells whether %s is enough to start, and to test', (_what, present, enough) => {
  expect(arePresent(wanted, present, false)).toBe(enough.start)
  expect(arePresent(wanted, present, true)).toBe(enough.tests)
})
