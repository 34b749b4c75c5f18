const COLOUR_COUNT = 12

/** The classes that most models here know keep their colour whatever stands beside them. */
const FIXED: Readonly<Record<string, number>> = {
  'lung-normal': 2,
  'lung-covid': 1,
  'lung-opacity': 0,
  'lung-viral-pneumonia': 3,
  'lung-pneumonia': 3,
  'lung-tuberculosis': 4,
  'lung-oct-cnv': 7,
  'lung-oct-dme': 9,
  'lung-oct-drusen': 6,
  'lung-oct-normal': 8,
}

/**
 * A CSS colour per finding class: the same class has the same colour on every page that shows the same set of classes,
 * in whatever order they come. Beyond twelve classes colours repeat; names always stand beside them.
 */
export function classColours(findingClasses: readonly string[]): Map<string, string> {
  const colours = new Map<string, number>()
  for (const name of findingClasses) {
    const fixed = Object.hasOwn(FIXED, name) ? FIXED[name] : undefined
    if (fixed !== undefined) colours.set(name, fixed)
  }
  const taken = new Set(colours.values())
  for (const name of findingClasses.toSorted().filter((each) => !colours.has(each))) {
    const colour = firstFree(hash(name) % COLOUR_COUNT, taken)
    taken.add(colour)
    colours.set(name, colour)
  }
  return new Map([...colours].map(([name, number]) => [name, `var(--class-${number})`]))
}

function firstFree(from: number, taken: ReadonlySet<number>): number {
  for (let step = 0; step < COLOUR_COUNT; step++) {
    const colour = (from + step) % COLOUR_COUNT
    if (!taken.has(colour)) return colour
  }
  return from
}

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0
  return value
}
