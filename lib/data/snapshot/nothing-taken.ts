import { describeLeftOut } from './left-out.ts'

/** How people call the parts of a dataset for training and testing. */
const PARTS = new Set(['train', 'training', 'val', 'valid', 'validation', 'dev', 'test', 'testing', 'eval'])
const SHOWN_FOLDERS = 5

/** Why no file of a folder, bucket or archive became an image, and what to do: for the person who put them there. */
export function explainNothingTaken(files: readonly { file: string; code: string }[]): string {
  const codes = new Set(files.map(({ code }) => code))
  if (files.length === 0) return 'There is no file. Check the folder or prefix.'
  const nested = files.filter(({ code }) => code === 'NESTED')
  if (nested.length > 0)
    return explainNested([...new Set(nested.map(({ file }) => file.split('/')[0] ?? ''))])
  if (codes.size === 1 && codes.has('LINK'))
    return 'There are only symbolic links, and links are never followed. Put the images themselves there.'
  if (codes.has('NO_FINDING_CLASS'))
    return 'The files lie beside the folders of the finding classes, not in them. Put each into the folder of its finding class.'
  const counts = Map.groupBy(files, ({ code }) => code)
  return describeLeftOut([...counts].map(([code, { length: count }]) => ({ code, count }))) ?? ''
}

function explainNested(folders: string[]): string {
  const named = folders.sort().slice(0, SHOWN_FOLDERS).join(', ')
  const all = folders.length > SHOWN_FOLDERS ? `${named}, …` : named
  if (folders.every((folder) => PARTS.has(folder.toLowerCase())))
    return `The folders of the finding classes lie below ${all}. Make each of these a dataset of its own.`
  if (folders.length === 1)
    return `All images lie deeper than <finding class>/<file>, below ${all}. Take the folder in which the finding classes lie.`
  return `The images lie deeper than <finding class>/<file>, below ${all}. Put them directly into the folder of their finding class.`
}
