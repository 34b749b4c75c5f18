import { readFileSync } from 'node:fs'

/**
 * How many tests of a suite passed and failed. A skipped test counts as failed: it says nothing about the code. So
 * does a suite that ended badly, or that ran no test at all, without any test to blame.
 * @param {'exit-code' | 'vitest' | 'pytest'} report
 * @returns {{ passed: number, failed: number }}
 */
export function countTests(report, reportFile, exitCode) {
  if (report === 'exit-code') return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
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
  if (text === '') return { passed: 0, failed: 0 }
  const report = JSON.parse(text)
  return { passed: report.numPassedTests, failed: report.numTotalTests - report.numPassedTests }
}

function countPytest(text) {
  const attributes = /<testsuite [^>]*>/.exec(text)?.[0] ?? ''
  const number = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0)
  const failed = number('errors') + number('failures') + number('skipped')
  return { passed: number('tests') - failed, failed }
}
