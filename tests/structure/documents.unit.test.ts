import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PROJECT } from './import-graph.ts'

const documents = globSync(['README.md', 'docs/**/*.md', '{trainer,demo,bench,grafana}/**/README.md'], {
  cwd: PROJECT,
})
const read = (document: string) => readFileSync(path.join(PROJECT, document), 'utf8')

/** Our own folders: other paths are addresses, images of a user, or places on a user's machine. */
const OWN_PATH = /^(app|lib|db|drizzle|evaluator|trainer|demo|bench|scripts|tests|docs|grafana)\/[^<>$…{}]*$/
const TEST_FILE = /^[\w.-]+\.(?:unit|db|process|browser)?\.?test\.ts$/
const testFiles = globSync('{app,lib,db,evaluator,scripts,tests,demo,bench,grafana}/**/*.test.ts', {
  cwd: PROJECT,
})
const testNames = new Set(testFiles.map((file) => path.basename(file)))

/** The words between backticks, also those of a command. */
function quotedWords(text: string): string[] {
  const quoted = [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = '']) => words)
  return quoted.flatMap((words) => words.split(/\s+/)).map((word) => word.replace(/[,:;]$/, ''))
}

/** As it is written (`[id]` is a folder of pages), or as a pattern. */
function isThere(word: string): boolean {
  return existsSync(path.join(PROJECT, word)) || globSync(word, { cwd: PROJECT }).length > 0
}

function findMissingPaths(document: string): string[] {
  const text = read(document)
  const named = quotedWords(text).filter((word) => OWN_PATH.test(word))
  const missing = named.filter((word) => !isThere(word))
  const tests = quotedWords(text).filter((word) => TEST_FILE.test(word) && !testNames.has(word))
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target)
  const broken = links.filter(
    (target) => !/^[a-z]+:/.test(target) && !existsSync(path.join(PROJECT, path.dirname(document), target)),
  )
  return [...missing, ...tests, ...broken]
}

describe('the documents', () => {
  it('are found', () => {
    for (const name of ['README.md', 'docs/reliability.md', 'docs/decisions/README.md'])
      expect(documents).toContain(name)
  })
  it.each(documents)('%s names only files that exist', (document) => {
    expect(findMissingPaths(document)).toEqual([])
  })
  it('name each row of the reliability tables once', () => {
    const rows = [...read('docs/reliability.md').matchAll(/^\| ([A-Z]\d+[a-z]?) \|/gm)].map(([, row]) => row)
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.filter((row, at) => rows.indexOf(row) !== at)).toEqual([])
  })
})

it('the README fits on a few screens', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(150)
})
