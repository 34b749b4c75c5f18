import { readFileSync } from 'node:fs'

/**
 * How many tests of a suite passed, failed and were skipped (for want of the real radiographs, which are not part
 * of the repository). A suite that ended badly, or in which nothing passed, has failed without a test to blame.
 * @param {'exit-code' | 'vitest' | 'pytest'} report
 * @returns {{ passed: number, failed: number, skipped: number }}
 */
export function countTests(report, reportFile, exitCode) {
  if (report === 'exit-code')
    return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 }
  const text = readReport(reportFile)
  const counted = report === 'vitest' ? countVitest(text) : countPytest(text)
  const unexplained = counted.failed === 0 && (exitCode !== 0 || counted.passed === 0)
  return unexplained ? { ...counted, failed: 1 } : counted
}

function readReport(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function countVitest(text) {
  if (text === '') return { passed: 0, failed: 0, skipped: 0 }
  const { numPassedTests: passed, numFailedTests: failed, numTotalTests: total } = JSON.parse(text)
  return { passed, failed, skipped: total - passed - failed }
}

function countPytest(text) {
  const attributes = /<testsuite [^>]*>/.exec(text)?.[0] ?? ''
  const number = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0)
  const failed = number('errors') + number('failures')
  const skipped = number('skipped')
  return { passed: number('tests') - failed - skipped, failed, skipped }
}
