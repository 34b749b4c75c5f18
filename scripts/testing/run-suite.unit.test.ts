import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readOutput, runSuite } from './run-suite.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-suite-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const suite = (script: string): import('./suites.js').Suite => ({
  name: 'spoken',
  lane: 'computing',
  needs: [],
  report: 'exit-code',
  command: () => ({ file: process.execPath, args: ['-e', script] }),
})
const context = () => ({ folder, env: process.env, show: false })

it('keeps what a suite says on either stream until it is asked for', async () => {
  const result = await runSuite(suite(`console.log('first'); console.error('second')`), context())
  expect(result).toMatchObject({ passed: 1, failed: 0 })
  expect(readOutput(folder, 'spoken')).toBe('first\nsecond\n')
})

it('ends with its suite, though a process that it left behind holds its output', async () => {
  const script = `const { spawn } = require('node:child_process')
    const options = { stdio: 'inherit', detached: true }
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], options)
    left.unref()
    console.log(left.pid)
    process.exitCode = 3`
  try {
    expect(await runSuite(suite(script), context())).toMatchObject({ passed: 0, failed: 1 })
  } finally {
    process.kill(Number(readOutput(folder, 'spoken')), 'SIGKILL')
  }
})

it('has nothing to show of a suite that never ran', () => {
  expect(readOutput(folder, 'absent')).toBe('')
})
