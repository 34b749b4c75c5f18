import { expect, it } from 'vitest'
import { describePlan, planInstallation, provideNeeds } from './needs.js'

const packages = ['postgresql', 'chromium']

it.each([
  ['nothing where all is there', { packages: [], mayInstall: false, wantsPython: false }, []],
  [
    'packages that it may install',
    { packages, mayInstall: true, wantsPython: false },
    ['Will be installed on this machine: Debian packages postgresql, chromium'],
  ],
  [
    'packages that it may not install',
    { packages, mayInstall: false, wantsPython: false },
    [expect.stringMatching(/^Missing: Debian packages postgresql, chromium\..* add --sudo\.$/)],
  ],
  [
    'what goes into .venv',
    { packages: [], mayInstall: false, wantsPython: true },
    [expect.stringMatching(/^Will be installed in \.venv/)],
  ],
])('names %s', (_what, plan, lines) => {
  expect(describePlan(plan)).toEqual(lines)
})

it('plans and does nothing for suites that need Node alone', async () => {
  expect(await planInstallation([], { sudo: false })).toEqual([])
  expect(await provideNeeds([], { sudo: false })([])).toEqual([])
})
