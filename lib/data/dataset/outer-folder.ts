import { isSystemName } from '#lib/data/snapshot/system-name.ts'

/**
 * The folder that lies around all finding classes, with its `/`: `chest_xray/` of `chest_xray/NORMAL/1.png` and
 * `chest_xray/COVID/2.png`. Empty where there is none, or where what lies below it may not be finding classes: images
 * must lie in two folders at least, all at one depth.
 */
export function findOuterFolder(names: readonly string[]): string {
  const paths = names.map((name) => name.split('/')).filter((path) => !path.some(isHidden))
  const [first] = paths
  if (first === undefined) return ''
  const outer = first.slice(0, -2)
  const classes = new Set(paths.map((path) => path.at(-2)))
  const isAround = paths.every(
    (path) => path.length === first.length && outer.every((folder, depth) => path[depth] === folder),
  )
  return isAround && outer.length > 0 && classes.size > 1 ? `${outer.join('/')}/` : ''
}

function isHidden(name: string): boolean {
  return isSystemName(name) || name.startsWith('.')
}
