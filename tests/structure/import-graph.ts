import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** From a file (or folder) to those that it imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>

export const PROJECT = path.join(import.meta.dirname, '..', '..')

const SOURCES = '{app,lib,db,evaluator,demo,scripts,tests,bench,grafana}/**/*.{ts,tsx,js}'
const IMPORT = /(?:\bfrom|\bimport|\bimport\()\s*'([^']+)'/g
const ALIAS = /^#((?:app|lib|db|evaluator|tests)\/.*)$/

/** What each source file imports, types included; packages are left out. */
export function readImportGraph(): Graph {
  const files = new Set(globSync(SOURCES, { cwd: PROJECT }))
  return new Map([...files].map((file) => [file, importsOf(file, files)]))
}

/** The packages (and Node's own modules) that a source file names, types included. */
export function packagesOf(file: string): string[] {
  const text = readFileSync(path.join(PROJECT, file), 'utf8')
  return [...text.matchAll(IMPORT)].map(([, name = '']) => name).filter((name) => !/^[.#]/.test(name))
}

/** The file and all that it imports, however far. */
export function reachedFrom(file: string, graph: Graph): Set<string> {
  const reached = new Set([file])
  for (const each of reached) for (const next of graph.get(each) ?? []) reached.add(next)
  return reached
}

function importsOf(file: string, files: ReadonlySet<string>): Set<string> {
  const text = readFileSync(path.join(PROJECT, file), 'utf8')
  const targets = [...text.matchAll(IMPORT)].map(([, name = '']) => resolveImport(file, name))
  return new Set(
    targets.filter((target) => target !== null && target !== file && files.has(target)) as string[],
  )
}

function resolveImport(file: string, name: string): string | null {
  if (name.startsWith('.')) return path.posix.join(path.posix.dirname(file), name)
  return ALIAS.exec(name)?.[1] ?? null
}

/** Folders by what their files import. Pages and routes are entries: they may use any folder below them. */
export function foldersOf(graph: Graph): Graph {
  const folders = new Map<string, Set<string>>()
  for (const [file, targets] of graph) {
    if (isEntry(file)) continue
    const from = path.posix.dirname(file)
    const own = folders.get(from) ?? new Set()
    for (const to of [...targets].map((target) => path.posix.dirname(target))) if (to !== from) own.add(to)
    folders.set(from, own)
  }
  return folders
}

function isEntry(file: string): boolean {
  return /\.test\.ts$|(^|\/)(page|layout|route)\.tsx?$/.test(file)
}
