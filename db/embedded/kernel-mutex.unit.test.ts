import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { takeMutex } from './kernel-mutex.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-mutex-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('is given to one at a time, and again when it is released', () => {
  const file = path.join(folder, 'mutex')
  const release = takeMutex(file)
  expect(release).not.toBeNull()
  expect(takeMutex(file)).toBeNull()
  release?.()
  const again = takeMutex(file)
  expect(again).not.toBeNull()
  again?.()
})

it.each([2, 5])('goes round when %i processes wait for a holder that was cut off', async (count) => {
  const script = path.join(folder, 'wait.mjs')
  const file = path.join(folder, 'mutex')
  const source = JSON.stringify(path.join(import.meta.dirname, 'kernel-mutex.ts'))
  writeFileSync(
    script,
    `import { takeMutex } from ${source}
     process.send('waits')
     const release = takeMutex(${JSON.stringify(file)}, 20_000)
     release?.()
     process.exit(release === null ? 1 : 0)`,
  )
  // Half a lock, as between two steps of taking it: those who wait get as far as a half themselves.
  const holder = new DatabaseSync(file)
  holder.exec('begin immediate')
  const children = Array.from({ length: count }, () => fork(script, { execArgv: [] }))
  const ends = Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
  await Promise.all(children.map((child) => once(child, 'message')))
  await delay(500) // each has tried once by then
  holder.close()
  expect(await ends).toEqual(children.map(() => 0))
})
