import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyKeptDatabase, keepDatabase } from './empty-database.ts'

let work: string
let kept: string
let made: string
let copy: string
beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-empty-'))
  kept = path.join(work, 'cache', 'kept')
  made = path.join(work, 'made')
  copy = path.join(work, 'copy')
  mkdirSync(path.join(made, 'base', 'empty'), { recursive: true, mode: 0o700 })
  writeFileSync(path.join(made, 'PG_VERSION'), '18')
  writeFileSync(path.join(made, 'base', '1'), 'a table', { mode: 0o600 })
  mkdirSync(copy)
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

const keptFile = (name: string) => path.join(kept, readdirSync(kept)[0] ?? '', name)

describe('an empty database that is kept', () => {
  it('is copied with its empty folders, for its owner alone', () => {
    keepDatabase(made, kept)
    expect(copyKeptDatabase(kept, copy)).toBe(true)
    expect(readdirSync(copy, { recursive: true }).sort()).toEqual([
      'PG_VERSION',
      'base',
      'base/1',
      'base/empty',
    ])
    expect(readFileSync(path.join(copy, 'base', '1'), 'utf8')).toBe('a table')
    expect(statSync(path.join(copy, 'base', '1')).mode & 0o777).toBe(0o600)
  })

  it('is not there at first, and nothing is left in the folder', () => {
    expect(copyKeptDatabase(kept, copy)).toBe(false)
    expect(readdirSync(copy)).toEqual([])
  })

  it.each([
    ['cut off', () => writeFileSync(keptFile('base/1'), 'a tab')],
    ['empty', () => writeFileSync(keptFile('PG_VERSION'), '')],
    ['missing', () => rmSync(keptFile('base/1'))],
  ])('is not taken, and made anew, where a file of it is %s', (_what, damage) => {
    keepDatabase(made, kept)
    damage()
    expect(copyKeptDatabase(kept, copy)).toBe(false)
    expect(readdirSync(copy)).toEqual([])
    keepDatabase(made, kept)
    expect(copyKeptDatabase(kept, copy)).toBe(true)
  })

  it('stays the first that was kept', () => {
    keepDatabase(made, kept)
    const first = readdirSync(kept)
    writeFileSync(path.join(made, 'PG_VERSION'), '19')
    keepDatabase(made, kept)
    expect(readdirSync(kept)).toEqual(first)
  })

  it('may be one that cannot be kept: that is no fault of the start', () => {
    writeFileSync(path.join(work, 'file'), '')
    keepDatabase(made, path.join(work, 'file', 'kept'))
    expect(copyKeptDatabase(path.join(work, 'file', 'kept'), copy)).toBe(false)
  })
})
