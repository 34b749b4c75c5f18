import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SupervisedProcess } from './supervised-process.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-supervised-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

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
