import { setImmediate as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { assertPatientPattern, readPatients } from './patient-pattern.ts'

const NIH = '^nih-.*-(\\d+)_\\d+\\.jpg$'

test('takes the first group on the file name as the patient', async () => {
  const names = ['nih-lung-pneumonia-00004532_001.jpg', 'nih-lung-normal-00000017_012.jpg']
  expect(await readPatients(NIH, names)).toEqual(['00004532', '00000017'])
})

test('knows no patient without a pattern, a match, or anything in the group', async () => {
  expect(await readPatients(null, ['a', 'b'])).toEqual([null, null])
  expect(await readPatients(NIH, ['cohen-lung-covid-x.jpg'])).toEqual([null])
  expect(await readPatients('^p(\\d*)|never', ['p', 'px', 'other'])).toEqual([null, null, null])
})

test('treats names as text, whatever is in them', async () => {
  const names = ['__proto__.png', "'; throw 1; '.png", '🫁.png', '\u2028.png']
  expect(await readPatients('^(.*)\\.png$', names)).toEqual(['__proto__', "'; throw 1; '", '🫁', null])
})

test.each(['(', '[a-', 'a{2,1}(b)', '\\d+', '', '(?:a)', `(${'a'.repeat(300)})`, '(a{1,2000})'])(
  'refuses the pattern %j',
  (pattern) => {
    expect(() => assertPatientPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'BAD_PATIENT_PATTERN' }),
    )
  },
)

test.each([
  ['\\A(\\d+)', 'write ^'],
  ['(\\d+)\\Z', 'write $'],
  ['(?P<patient>\\d+)_', 'write ( alone, or (?<name>'],
  ['(?i)p(\\d+)', 'write both letters instead, as in [Aa]'],
  ['(\\d+)(?=_)', 'match what stands beside the patient outside the group, as in _(\\d+)_'],
  ['(?<!x)(\\d+)', 'look-around'],
  ['(\\d)\\1', 'write the repeated part out'],
  ['([[:digit:]]+)', 'write [0-9]'],
  ['(\\pL+)', 'write a class such as [A-Za-z]'],
])('names what %s has of other languages, and what to write', (pattern, remedy) => {
  expect(() => assertPatientPattern(pattern)).toThrow(remedy)
})

test('reads what JavaScript reads in every spelling that it takes', async () => {
  const names = [
    'Screen 1\u202fAM x.png',
    'AAA BCD\b\v\0',
    'a{,2}a{]}',
    'a[b]c-_/\\',
    'line\nfeed\r\u2028',
    '',
  ]
  const patterns = [
    ...[
      '(\\s)',
      '(\\S+)',
      '([\\s_]+)',
      '([^\\s]+)',
      '([\\S]+)',
      '(\\u0041+)',
      '(\\x41+)',
      '([\\b])',
      '([^])',
    ],
    ...[
      '([])',
      'a([[b]+)',
      '(.)',
      '(\\/|\\-|\\_)',
      '(?<p>[A-Z]+)',
      '(a{,2})',
      '(a{)',
      '(])',
      '([]a])',
      '(\\0)',
    ],
    ...[
      '(\\bx)',
      '([\\u0041-\\u0043]+)',
      '([a\\-z]+)',
      '([\\w-]+)',
      '(\\v)',
      '(x)??a',
      '([^\\]]+)',
      '(\\]|[.(?=)])',
    ],
  ]
  for (const pattern of patterns) {
    const taken = names.map((name) => new RegExp(pattern).exec(name)?.[1] || null)
    expect(await readPatients(pattern, names), pattern).toEqual(taken)
  }
})

/** Each would take a backtracking engine longer than the universe is old. */
test.each([
  ['alternatives that match nothing', `${'(?:|)'.repeat(40)}x()`],
  ['a repetition of a repetition', '^((a+)+)$'],
  ['equal alternatives', '((a|a)*b)'],
  ['optional pieces', `(${'a?'.repeat(60)}${'a'.repeat(60)})`],
])('reads %s in as much time as the name is long', async (_what, pattern) => {
  assertPatientPattern(pattern)
  expect(await readPatients(pattern, [`${'a'.repeat(250)}!`])).toHaveLength(1)
})

test('refuses repetitions that make the pattern itself too large', () => {
  for (const pattern of ['((a{1,1000}){1,1000})', '((((a{9}){9}){9}){9})', '(a{1,999}b{1,999})'])
    expect(() => assertPatientPattern(pattern)).toThrow('repeats too much')
})

test('lets other work go on while it reads many names', async () => {
  const names = Array.from({ length: 30_000 }, (_, n) => `nih-lung-normal-${n}_${'a'.repeat(40)}!.png`)
  let isRead = false
  const reading = readPatients('^nih-.*-((\\d+)+)_(a+)+!\\.png$', names).then((patients) => {
    isRead = true
    return patients
  })
  let turns = 0
  for (; !isRead; turns++) await pause()
  expect(turns).toBeGreaterThan(5)
  expect((await reading).at(-1)).toBe('29999')
})
