/** Uniform in [0, 1). */
export type Random = () => number

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random()
}

export function whole(random: Random, low: number, high: number): number {
  return low + Math.floor((high - low + 1) * random())
}

export function chance(random: Random, probability: number): boolean {
  return random() < probability
}

/** Around 0 with standard deviation 1, never beyond ±3.5: six uniforms are close enough to a bell for a picture. */
export function bell(random: Random): number {
  let sum = 0
  for (let count = 0; count < 6; count += 1) sum += random()
  return (sum - 3) * Math.SQRT2
}

/** A seed for a stream of its own: what it draws then shifts nothing drawn elsewhere. */
export function childSeed(random: Random): number {
  return Math.floor(random() * 2 ** 32)
}

/** One of the entries, each as likely as its weight says. */
export function pickWeighted<Entry>(random: Random, weights: readonly (readonly [Entry, number])[]): Entry {
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0)
  let left = random() * total
  for (const [entry, weight] of weights) {
    left -= weight
    if (left < 0) return entry
  }
  const last = weights.at(-1)
  if (last === undefined) throw new RangeError('there is nothing to pick from')
  return last[0]
}

/** A new array in random order. */
export function shuffled<Entry>(random: Random, entries: readonly Entry[]): Entry[] {
  const tagged = entries.map((entry) => ({ entry, tag: random() }))
  return tagged.sort((a, b) => a.tag - b.tag).map(({ entry }) => entry)
}
