import type { SkipCode } from '#lib/data/snapshot/skip-code.ts'
import { isSystemName } from '#lib/data/snapshot/system-name.ts'

/** A file as it was picked or dropped: its path begins with the folder that was picked, if one was. */
export type PickedFile<F> = { path: string; file: F }

/** A file that is ready to be sent; an archive brings its own finding classes. */
export type ReadyFile<F> = { path: string; name: string; findingClass: string | null; file: F }

export type RefusedFile = { path: string; code: SkipCode }

export type GroupedFiles<F> = {
  ready: ReadyFile<F>[]
  /** In no folder: the uploading user has to enter their finding class. */
  loose: PickedFile<F>[]
  refused: RefusedFile[]
}

/**
 * Sorts picked files into finding classes by the layout `<finding class>/<file>`, below one common folder where that
 * was picked: `chest/covid/1.png` and `chest/normal/2.png` are of `covid` and `normal`. A picked folder that holds
 * images only is itself the finding class. Nothing is opened: what a file is, the service finds out.
 */
export function groupFiles<F extends { size: number }>(
  picked: readonly PickedFile<F>[],
  limitBytes: number,
): GroupedFiles<F> {
  const grouped: GroupedFiles<F> = { ready: [], loose: [], refused: [] }
  const above = commonFolder(picked.map(({ path }) => path))
  for (const { path, file } of picked) {
    const segments = path.slice(above.length).split('/')
    const [findingClass, name, ...deeper] = segments
    const code = faultOf(segments, file, limitBytes)
    if (code !== null) grouped.refused.push({ path, code })
    else if (findingClass !== undefined && name === undefined) sortLoose(grouped, path, findingClass, file)
    else if (deeper.length > 0) grouped.refused.push({ path, code: 'NESTED' })
    else if (findingClass !== undefined && name !== undefined)
      grouped.ready.push({ path, name, findingClass, file })
  }
  return grouped

  function sortLoose(into: GroupedFiles<F>, path: string, name: string, file: F): void {
    if (name.toLowerCase().endsWith('.zip')) into.ready.push({ path, name, findingClass: null, file })
    else if (above !== '') into.refused.push({ path, code: 'NO_FINDING_CLASS' })
    else into.loose.push({ path, file })
  }
}

/** The folder above the finding classes, with its `/`; empty where the paths begin with the finding class. */
function commonFolder(paths: readonly string[]): string {
  const [first] = paths
  if (first === undefined || !paths.some((path) => path.split('/').length > 2)) return ''
  const folder = first.slice(0, first.indexOf('/') + 1)
  return folder !== '' && paths.every((path) => path.startsWith(folder)) ? folder : ''
}

function faultOf(segments: readonly string[], file: { size: number }, limitBytes: number): SkipCode | null {
  if (segments.some(isSystemName)) return 'SYSTEM_FILE'
  if (segments.some((segment) => segment.startsWith('.'))) return 'HIDDEN_FILE'
  if (file.size === 0) return 'EMPTY_FILE'
  return file.size > limitBytes ? 'TOO_LARGE' : null
}

/** Loose files with the finding class that was chosen for them. */
export function classifyLoose<F>(loose: readonly PickedFile<F>[], findingClass: string): ReadyFile<F>[] {
  return loose.map(({ path, file }) => ({ path, name: path, findingClass, file }))
}

/** How many files each finding class gets, by name; archives are counted apart. */
export function countByClass(files: readonly ReadyFile<unknown>[]): {
  findingClasses: [findingClass: string, files: number][]
  archives: number
} {
  const counts = new Map<string, number>()
  let archives = 0
  for (const { findingClass } of files) {
    if (findingClass === null) archives += 1
    else counts.set(findingClass, (counts.get(findingClass) ?? 0) + 1)
  }
  return { findingClasses: [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)), archives }
}
