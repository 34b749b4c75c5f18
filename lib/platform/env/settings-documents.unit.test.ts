import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseEvaluatorSettings } from '#evaluator/env.ts'
import { parseSettings } from './env.ts'

/** Told by the supervisor to what it starts: not a setting of the operator. */
const INTERNAL = 'EMBEDDED_DATABASE_URL'

const read = (file: string) => readFileSync(path.join(import.meta.dirname, '..', '..', '..', file), 'utf8')
const namesIn = (file: string, pattern: RegExp) =>
  new Set([...read(file).matchAll(pattern)].map(([, name = '']) => name))

const schemaField = /^ {4}([A-Z][A-Z_]+): /gm
const settings = new Set([
  ...namesIn('lib/platform/env/env.ts', schemaField),
  ...namesIn('evaluator/env.ts', schemaField),
])
settings.delete(INTERNAL)

const example = Object.fromEntries(
  [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
)

describe('the settings', () => {
  it('are all found in the sources', () => {
    for (const name of ['HOST', 'SESSION_IDLE_MINUTES', 'EVALUATOR_CONTROL_FLOW'])
      expect(settings).toContain(name)
  })

  it('stand in docs/settings.md, each in one table', () => {
    const rows = [...read('docs/settings.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
    expect(rows.toSorted()).toEqual([...settings].toSorted())
  })

  it('stand in .env.example', () => {
    expect(Object.keys(example).toSorted()).toEqual([...settings].toSorted())
  })

  it('have the defaults that .env.example shows', () => {
    expect(parseSettings(example)).toEqual(parseSettings({}))
    const EVALUATOR_TOKEN = 't'.repeat(32)
    const required = parseEvaluatorSettings({ EVALUATOR_TOKEN })
    expect(required).toHaveProperty('settings')
    expect(parseEvaluatorSettings({ ...example, EVALUATOR_TOKEN })).toEqual(required)
  })

  it('have the defaults that docs/settings.md shows', () => {
    const shown = read('docs/settings.md').matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)
    const stated = Object.fromEntries([...shown].map(([, name = '', value = '']) => [name, value]))
    expect(Object.keys(stated).length).toBeGreaterThan(10)
    for (const [name, value] of Object.entries(stated)) {
      const isFolder = value.startsWith('DATA_DIR/')
      expect(isFolder ? '' : value, name).toBe(example[name])
    }
  })
})
