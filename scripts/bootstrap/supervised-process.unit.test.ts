import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SupervisedProcess } from './supervised-process.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-supervised-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('hears the process that was started in place of one that died before it was ready', async () => {
  const script = path.join(folder, 'dies-once.mjs')
  writeFileSync(
    script,
    `import { existsSync, writeFileSync } from 'node:fs'
     if (!existsSync(process.argv[2])) {
       writeFileSync(process.argv[2], '')
       process.exit(1)
     }
     process.send({ ready: 'here' })
     setInterval(() => {}, 1_000)`,
  )
  const supervised = new SupervisedProcess('it', {
    script,
    args: [path.join(folder, 'died')],
    env: process.env,
  })
  expect(await supervised.start()).toEqual({ ready: 'here' })
  await supervised.stop(1_000)
})

// Beside each other: each waits for some seconds.
describe.concurrent('a process', () => {
  const SILENT_SECONDS = 5 // beats come every second

  /** Runs a script that does `first` at its first start, and says which start it is. */
  async function firstHeard(first: string, busySeconds: number): Promise<unknown> {
    const own = mkdtempSync(path.join(folder, 'process-'))
    const script = path.join(own, 'hangs-once.mjs')
    writeFileSync(
      script,
      `import { existsSync, writeFileSync } from 'node:fs'
       const isFirst = !existsSync(process.argv[2])
       writeFileSync(process.argv[2], '')
       if (isFirst) { ${first} }
       setInterval(() => {}, 1_000)
       process.send(isFirst ? 'the first' : 'the second')`,
    )
    const supervised = new SupervisedProcess('it', {
      script,
      args: [path.join(own, 'started')],
      env: process.env,
      silentSeconds: SILENT_SECONDS,
      busySeconds,
    })
    const heard = await supervised.start()
    await supervised.stop(1_000)
    return heard
  }

  const stand = (seconds: number) =>
    `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${seconds * 1000})`

  it.each([
    ['is stopped', `process.kill(process.pid, 'SIGSTOP')`, 0],
    ['is stopped, also one that may be busy', `process.kill(process.pid, 'SIGSTOP')`, 600],
    ['runs in an endless loop', 'for (;;);', 0],
    ['stands still for longer than it may be busy', stand(600), 2],
  ])('is replaced when it %s', async (_what, first, busySeconds) => {
    expect(await firstHeard(first, busySeconds)).toBe('the second')
  })

  it('is left alone while it is busy as it may be', async () => {
    expect(await firstHeard(stand(2 * SILENT_SECONDS), 600)).toBe('the first')
  })
})
