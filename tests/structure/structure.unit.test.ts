import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { findCircles } from './find-circles.ts'
import { foldersOf, PROJECT, packagesOf, reachedFrom, readImportGraph } from './import-graph.ts'

describe('A circle', () => {
  test('is found, and what only leads into it is no part of it', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c'])],
      ['c', new Set(['b', 'd'])],
      ['d', new Set<string>()],
    ])
    expect(findCircles(graph)).toEqual([['b', 'c']])
  })

  const graph = readImportGraph()

  test('is not among the files, types included', () => {
    expect(graph.size).toBeGreaterThan(500)
    expect(findCircles(graph)).toEqual([])
  })

  test('is not among the folders', () => {
    expect(findCircles(foldersOf(graph))).toEqual([])
  })
})

describe('The schema of a noun', () => {
  const graph = readImportGraph()
  const schemas = [...graph.keys()].filter((file) => /^lib\/.*\/schema\.ts$/.test(file))

  test('is there for the nouns that the API shows', () => {
    expect(schemas).toContain('lib/model/evaluation-run/schema.ts')
  })

  test.each(schemas)('needs nothing but zod, so that a browser can use it: %s', (schema) => {
    const packages = [...reachedFrom(schema, graph)].flatMap(packagesOf)
    expect([...new Set(packages)]).toEqual(['zod'])
  })
})

describe('The linter refuses', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'structure-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const refused: [string, string, string][] = [
    ['an import from a floor above', 'lib/data/above.ts', '#lib/model/registry/queries.ts'],
    ['the same by a relative path', 'lib/data/relative.ts', '../model/registry/queries.ts'],
    ['a page in the domain', 'lib/delivery/page.ts', '#app/server.ts'],
    ['a test fixture in the domain', 'lib/imaging/fixture.ts', '#tests/support/wait-until.ts'],
    ['React in the domain', 'lib/delivery/component.ts', 'react'],
    ['a database in formulas', 'lib/statistics/stored.ts', '#db/client.ts'],
    ['the domain in the database', 'db/domain.ts', '#lib/platform/errors.ts'],
    ['the driver in the evaluator', 'evaluator/driver.ts', 'pg'],
    ['the database in the evaluator', 'evaluator/stored.ts', '#db/client.ts'],
    ['the registry in the evaluator', 'evaluator/registry.ts', '#lib/model/registry/queries.ts'],
  ]
  const allowed: [string, string, string][] = [
    ['the floor below', 'lib/model/below.ts', '#lib/data/dataset/queries.ts'],
    ['the wire contract in the evaluator', 'evaluator/wire.ts', '#lib/model/evaluator/evaluator-contract.ts'],
  ]
  const found = lintPlanted(folder, [...refused, ...allowed])

  test.each(refused)('%s', (_, file) => {
    expect(found).toContain(file)
  })

  test.each(allowed)('not %s', (_, file) => {
    expect(found).not.toContain(file)
  })
})

/** The planted files in which the project's linter finds an import that is not allowed there. */
function lintPlanted(folder: string, files: [string, string, string][]): string[] {
  const config = JSON.parse(readFileSync(path.join(PROJECT, 'biome.json'), 'utf8'))
  writeFileSync(path.join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }))
  for (const [, file, specifier] of files) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), `import '${specifier}'\n`)
  }
  const biome = path.join(PROJECT, 'node_modules', '.bin', 'biome')
  const options = ['--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github']
  const { stdout } = spawnSync(biome, ['lint', ...options], { cwd: folder, encoding: 'utf8' })
  return [...stdout.matchAll(/file=([^,]+)/g)].map(([, file = '']) =>
    path.relative(folder, path.resolve(folder, file)),
  )
}
